namespace Harness.Engine.Crypto;

/// <summary>
/// The tag of content under one key: that of AES-256-GCM with a nonce of zeros, nothing encrypted and the content as associated
/// data (FORMAT.md section 3). A universal hash, safe only while nobody sees it: it goes through HMAC, or where it is sealed.
/// Allocates nothing once as many ciphers as workers are made. Safe on any thread.
/// </summary>
internal sealed class ContentTag
{
    private readonly byte[] _key;
    private readonly bool _isCarryless;
    private readonly CipherPool _ciphers;

    /// <summary>Made by the first that needs it: a run that reads no content is spared compiling it. Two at once make the same.</summary>
    private CarrylessTag? _carryless;

    /// <summary>Takes the fastest way that the processor has; both give the same.</summary>
    public ContentTag(byte[] key)
        : this(key, CarrylessTag.IsSupported)
    {
    }

    public ContentTag(byte[] key, bool isCarryless)
    {
        (_key, _isCarryless) = (key, isCarryless);
        _ciphers = new CipherPool(key);
    }

    /// <summary>Writes the 16 bytes.</summary>
    public void Compute(ReadOnlySpan<byte> content, Span<byte> tag)
    {
        if (_isCarryless)
        {
            (_carryless ??= new CarrylessTag(_key)).Tag(content, tag);
            return;
        }

        Span<byte> nonce = stackalloc byte[CipherPool.NonceBytes];
        nonce.Clear();
        _ciphers.Encrypt(nonce, [], [], tag, content);
    }
}
