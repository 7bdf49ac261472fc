using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Harness.Engine.Format;

/// <summary>The JSON of the sealed documents of FORMAT.md sections 12 and 13.</summary>
internal static class SealedJson
{
    public static byte[] Encode<T>(T document, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(document, type);

    /// <summary>The document, which must say true to <paramref name="isValid"/>; damage of the named blob when not.</summary>
    public static T Decode<T>(ReadOnlySpan<byte> plaintext, JsonTypeInfo<T> type, string name, Func<T, bool> isValid)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(plaintext, type) is { } document && isValid(document)
                ? document
                : throw Damage.In(name, "its document contradicts itself");
        }
        catch (JsonException error)
        {
            throw Damage.In(name, "its document cannot be read", error);
        }
    }
}
