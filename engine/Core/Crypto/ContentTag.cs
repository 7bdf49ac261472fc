namespace Harness.Engine.Crypto;

/// <summary>
/// The tag of content under one key: that of AES-256-GCM with a nonce of zeros, nothing encrypted and the content as associated
/// data (FORMAT.md section 3). A universal hash, safe only while nobody sees it: it goes through HMAC, or where it is sealed.
/// Allocates nothing once as many ciphers as workers are made. Safe on any thread.
/// </summary>
internal sealed class ContentTag
{
    private readonly CarrylessTag? _carryless;
    private readonly CipherPool _ciphers;

    /// <summary>Takes the fastest way that the processor has; both give the same.</summary>
    public ContentTag(byte[] key)
        : this(key, CarrylessTag.IsSupported)
    {
    }

    public ContentTag(byte[] key, bool isCarryless)
    {
        _carryless = isCarryless ? new CarrylessTag(key) : null;
        _ciphers = new CipherPool(key);
    }

    /// <summary>Writes the 16 bytes.</summary>
    public void Compute(ReadOnlySpan<byte> content, Span<byte> tag)
    {
        if (_carryless is not null)
        {
            _carryless.Tag(content, tag);
            return;
        }

        Span<byte> nonce = stackalloc byte[CipherPool.NonceBytes];
        nonce.Clear();
        _ciphers.Encrypt(nonce, [], [], tag, content);
    }
}
