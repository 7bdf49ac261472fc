using System.Security.Cryptography;
using Harness.Engine.Format;

namespace Harness.Engine.Crypto;

/// <summary>
/// Segment ids (FORMAT.md section 5): two independent AES-GMAC tags over the content, hashed with a key. The tags are a
/// universal hash of 256 bits that only HMAC makes safe to show, so that they never leave this class. Three times as fast as
/// HMAC over the content. Safe on any thread.
/// </summary>
internal sealed class SegmentMac(byte[] idKey, byte[] firstKey, byte[] secondKey)
{
    private const int NonceBytes = 12;

    /// <summary>More workers than this at once make ciphers of their own: slow, never wrong.</summary>
    private const int SpareCount = 16;

    private readonly Pair?[] _spare = new Pair?[SpareCount];

    /// <summary>The id of a segment with this content; allocates nothing once as many ciphers as workers are made.</summary>
    public Hash256 Of(ReadOnlySpan<byte> content)
    {
        Span<byte> tags = stackalloc byte[FormatLimits.TagBytes * 2];
        var pair = Take() ?? new Pair(firstKey, secondKey);
        pair.Tag(content, tags);
        Keep(pair);
        Span<byte> id = stackalloc byte[Hash256.Size];
        HMACSHA256.HashData(idKey, tags, id);
        return new Hash256(id);
    }

    private Pair? Take()
    {
        for (var i = 0; i < SpareCount; i++)
        {
            if (_spare[i] is not null && Interlocked.Exchange(ref _spare[i], null) is { } pair)
            {
                return pair;
            }
        }

        return null;
    }

    private void Keep(Pair pair)
    {
        for (var i = 0; i < SpareCount; i++)
        {
            if (_spare[i] is null && Interlocked.CompareExchange(ref _spare[i], pair, null) is null)
            {
                return;
            }
        }

        pair.Dispose();
    }

    /// <summary>The two ciphers; one thread at a time.</summary>
    private sealed class Pair(byte[] firstKey, byte[] secondKey) : IDisposable
    {
        private readonly AesGcm _first = new(firstKey, FormatLimits.TagBytes);
        private readonly AesGcm _second = new(secondKey, FormatLimits.TagBytes);

        public void Tag(ReadOnlySpan<byte> content, Span<byte> tags)
        {
            Span<byte> nonce = stackalloc byte[NonceBytes];
            nonce.Clear();
            _first.Encrypt(nonce, [], [], tags[..FormatLimits.TagBytes], content);
            _second.Encrypt(nonce, [], [], tags[FormatLimits.TagBytes..], content);
        }

        public void Dispose()
        {
            _first.Dispose();
            _second.Dispose();
        }
    }
}
