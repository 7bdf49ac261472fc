using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Harness.Engine.Format;
using Harness.Engine.Matching;

namespace Harness.Engine.Crypto;

/// <summary>The keys derived from a repository's master key (FORMAT.md section 3). Immutable; safe on any thread.</summary>
internal sealed class KeyRing
{
    public const int KeyBytes = 32;
    public const int SaltBytes = 32;

    private readonly byte[] _master;
    private readonly byte[] _extracted;
    private readonly byte[] _sourceKey;
    private readonly Lazy<ContentKeys> _content;

    public KeyRing(byte[] master, byte[] repositoryId)
    {
        _master = master;
        RepositoryId = repositoryId;
        _extracted = HKDF.Extract(HashAlgorithmName.SHA256, master, repositoryId);
        _sourceKey = Derive("harness/1/source-id");
        _content = new Lazy<ContentKeys>(() => new ContentKeys(Derive));
    }

    /// <summary>Sums of pages that can be rolled along; for the scratch location, never in a vault.</summary>
    public RollingSum PageSums => _content.Value.PageSums;

    public byte[] RepositoryId { get; }

    public Hash256 SegmentId(ReadOnlySpan<byte> content)
    {
        Span<byte> mac = stackalloc byte[Hash256.Size];
        _content.Value.SegmentMac.Hash(content, mac);
        return new Hash256(mac);
    }

    /// <summary>The fingerprint of a page, which must not leave what is sealed; never asked for a page of zeros.</summary>
    public void Fingerprint(ReadOnlySpan<byte> page, Span<byte> fingerprint) => _content.Value.PageTag.Compute(page, fingerprint);

    /// <summary>16 bytes over the fingerprints of a range of two pages or more.</summary>
    public void Digest(ReadOnlySpan<byte> fingerprints, Span<byte> digest)
    {
        Span<byte> mac = stackalloc byte[Hash256.Size];
        _content.Value.RangeMac.Hash(fingerprints, mac);
        mac[..FormatLimits.FingerprintBytes].CopyTo(digest);
    }

    public string SourceId(string sourceName) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_sourceKey, WireText.Encode(sourceName)).AsSpan(0, 16));

    public AesGcm PackCipher(ReadOnlySpan<byte> salt) => Cipher("harness/1/pack", salt);

    public AesGcm SealedCipher(ReadOnlySpan<byte> salt) => Cipher("harness/1/sealed", salt);

    /// <summary>For tables of the scratch location; never in a vault.</summary>
    public AesGcm TableCipher(ReadOnlySpan<byte> salt) => Cipher("harness/1/scratch-table", salt);

    /// <summary>
    /// Hides the fingerprints and sums of a range, or uncovers them again: fingerprints that could be read would give their key
    /// away, and a sum would confirm a guess at the content. AES-GCM as a stream cipher; the nonce is from the digest of the
    /// range, so that other content has another key stream, and the digest says whether what is uncovered is right.
    /// </summary>
    public void MaskPages(ReadOnlySpan<byte> digest, Span<byte> pages)
    {
        Span<byte> tag = stackalloc byte[FormatLimits.TagBytes];
        _content.Value.ScratchPages.Encrypt(digest[..CipherPool.NonceBytes], pages, pages, tag, []);
    }

    private AesGcm Cipher(string info, ReadOnlySpan<byte> salt)
    {
        Span<byte> salted = stackalloc byte[RepositoryId.Length + salt.Length];
        RepositoryId.CopyTo(salted);
        salt.CopyTo(salted[RepositoryId.Length..]);

        // HKDF-Extract (RFC 5869 section 2.2) is this HMAC; the framework's asks the library for a whole derivation, at twice the cost.
        Span<byte> extracted = stackalloc byte[Hash256.Size];
        HMACSHA256.HashData(salted, _master, extracted);
        Span<byte> key = stackalloc byte[KeyBytes];
        Expand(extracted, info, key);
        return new AesGcm(key, FormatLimits.TagBytes);
    }

    private byte[] Derive(string info)
    {
        var key = new byte[KeyBytes];
        Expand(_extracted, info, key);
        return key;
    }

    /// <summary>
    /// HKDF-Expand (RFC 5869 section 2.3) to one block. The framework's goes through an incremental hash, at three times the cost: a run
    /// derives a key for each blob that it opens.
    /// </summary>
    private static void Expand(ReadOnlySpan<byte> extracted, string info, Span<byte> key)
    {
        Span<byte> message = stackalloc byte[info.Length + 1];
        Encoding.ASCII.GetBytes(info, message);
        message[^1] = 1;
        HMACSHA256.HashData(extracted, message, key);
    }

    /// <summary>What content is identified by. Made when first asked for: a run that finds nothing changed never does.</summary>
    private sealed class ContentKeys(Func<string, byte[]> derive)
    {
        public ContentMac SegmentMac { get; } = new(
            derive("harness/1/segment-id"),
            new ContentTag(derive("harness/1/segment-mac-1")),
            new ContentTag(derive("harness/1/segment-mac-2")));

        public ContentTag PageTag { get; } = new(derive("harness/1/page-mac"));

        public ContentMac RangeMac { get; } = new(derive("harness/1/range-digest"), new ContentTag(derive("harness/1/range-mac")));

        public CipherPool ScratchPages { get; } = new(derive("harness/1/scratch-pages"));

        public RollingSum PageSums { get; } = new(BinaryPrimitives.ReadUInt32LittleEndian(derive("harness/1/page-sum")));
    }
}
