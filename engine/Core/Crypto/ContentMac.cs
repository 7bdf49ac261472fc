using System.Security.Cryptography;
using Harness.Engine.Format;

namespace Harness.Engine.Crypto;

/// <summary>
/// The keyed hash of FORMAT.md section 3: tags of the content under one or two keys, hashed with a further key, which makes them
/// safe to show. Faster than HMAC over the content by the factor that AES-GCM is faster than SHA-256. Safe on any thread.
/// </summary>
internal sealed class ContentMac(byte[] outerKey, params ContentTag[] tags)
{
    /// <summary>Writes the 32 bytes.</summary>
    public void Hash(ReadOnlySpan<byte> content, Span<byte> destination)
    {
        Span<byte> values = stackalloc byte[FormatLimits.TagBytes * tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            tags[i].Compute(content, values.Slice(i * FormatLimits.TagBytes, FormatLimits.TagBytes));
        }

        HMACSHA256.HashData(outerKey, values, destination);
    }
}
