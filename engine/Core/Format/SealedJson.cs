using System.Text.Json;

namespace Harness.Engine.Format;

/// <summary>The JSON of the sealed documents of FORMAT.md sections 12 and 13.</summary>
internal static class SealedJson
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static byte[] Encode<T>(T document) => JsonSerializer.SerializeToUtf8Bytes(document, Json);

    /// <summary>The document, which must say true to <paramref name="isValid"/>; damage of the named blob when not.</summary>
    public static T Decode<T>(ReadOnlySpan<byte> plaintext, string name, Func<T, bool> isValid)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(plaintext, Json) is { } document && isValid(document)
                ? document
                : throw Damage.In(name, "its document contradicts itself");
        }
        catch (JsonException error)
        {
            throw Damage.In(name, "its document cannot be read", error);
        }
    }
}
