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
    private readonly ContentMac _segmentMac;
    private readonly ContentMac _pageMac;
    private readonly byte[] _sourceKey;
    private readonly byte[] _sumKey;

    public KeyRing(byte[] master, byte[] repositoryId)
    {
        _master = master;
        RepositoryId = repositoryId;
        _segmentMac = new ContentMac(
            Derive("harness/1/segment-id"), Derive("harness/1/segment-mac-1"), Derive("harness/1/segment-mac-2"));
        _pageMac = new ContentMac(Derive("harness/1/page-fingerprint"), Derive("harness/1/page-mac"));
        _sourceKey = Derive("harness/1/source-id");
        _sumKey = Derive("harness/1/scratch-sums");
        PageSums = new RollingSum(BinaryPrimitives.ReadUInt32LittleEndian(Derive("harness/1/page-sum")));
    }

    /// <summary>Sums of pages that can be rolled along; for the scratch location, never in a vault.</summary>
    public RollingSum PageSums { get; }

    public byte[] RepositoryId { get; }

    public Hash256 SegmentId(ReadOnlySpan<byte> content)
    {
        Span<byte> mac = stackalloc byte[Hash256.Size];
        _segmentMac.Hash(content, mac);
        return new Hash256(mac);
    }

    /// <summary>16 bytes over a page or over fingerprints; never called for zeros.</summary>
    public void Fingerprint(ReadOnlySpan<byte> content, Span<byte> destination)
    {
        Span<byte> mac = stackalloc byte[Hash256.Size];
        _pageMac.Hash(content, mac);
        mac[..FormatLimits.FingerprintBytes].CopyTo(destination);
    }

    public string SourceId(string sourceName) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_sourceKey, WireText.Encode(sourceName)).AsSpan(0, 16));

    public AesGcm PackCipher(ReadOnlySpan<byte> salt) => Cipher("harness/1/pack", salt);

    public AesGcm SealedCipher(ReadOnlySpan<byte> salt) => Cipher("harness/1/sealed", salt);

    /// <summary>For tables of the scratch location; never in a vault.</summary>
    public AesGcm TableCipher(ReadOnlySpan<byte> salt) => Cipher("harness/1/scratch-table", salt);

    /// <summary>
    /// Hides the page sums of a range, or uncovers them again: a sum that could be read would confirm a guess at the content.
    /// AES in counter mode; the digest of the range is the counter's start, so other content has another key stream.
    /// </summary>
    public void MaskSums(ReadOnlySpan<byte> digest, Span<byte> sums)
    {
        const int BlockBytes = 16;
        Span<byte> stream = stackalloc byte[FormatLimits.PagesPerRange * RollingSum.SizeBytes];
        stream = stream[..((sums.Length + BlockBytes - 1) / BlockBytes * BlockBytes)];
        for (var at = 0; at < stream.Length; at += BlockBytes)
        {
            digest.CopyTo(stream[at..]);
            stream[at] ^= (byte)(at / BlockBytes);
        }

        using var aes = Aes.Create();
        aes.SetKey(_sumKey);
        aes.EncryptEcb(stream, stream, PaddingMode.None);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] ^= stream[i];
        }
    }

    private AesGcm Cipher(string info, ReadOnlySpan<byte> salt)
    {
        var key = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, _master, KeyBytes, [.. RepositoryId, .. salt], Encoding.ASCII.GetBytes(info));
        return new AesGcm(key, FormatLimits.TagBytes);
    }

    private byte[] Derive(string info) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _master, KeyBytes, RepositoryId, Encoding.ASCII.GetBytes(info));
}
