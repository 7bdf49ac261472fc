using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using Harness.Engine.Crypto;

namespace Harness.Engine.Format;

/// <summary>Builds one pack in memory (FORMAT.md section 5). One thread at a time; dispose after use.</summary>
internal sealed class PackBuilder : IDisposable
{
    public const int HeaderBytes = 56;
    public const int FooterRecordBytes = 48;
    public const int TrailerBytes = 8;

    /// <summary>A pack that stays small needs no more; one that does not soon has a buffer of full size.</summary>
    private const int FirstBytes = 16 << 10;
    private const int LargeBytes = (1 << 20) + (64 << 10);

    // One segment more than the target, and a footer of many small ones.
    private const int SlackBytes = FormatLimits.RangeBytes + (1 << 20);

    private readonly AesGcm _cipher;
    private readonly int _fullBytes;
    private readonly byte[] _associated = new byte[HeaderBytes + 8 + Hash256.Size + 6];
    private readonly List<SegmentRecord> _segments = [];
    private byte[] _buffer;
    private int _length;

    /// <summary>
    /// Begins a pack. A <paramref name="buffer"/> taken from an earlier one by <see cref="TakeBuffer"/> is used again: growing
    /// to 16 MiB by doubling costs another 16 MiB of garbage.
    /// </summary>
    public PackBuilder(KeyRing keys, byte[] salt, int targetBytes, byte[]? buffer = null)
    {
        Salt = salt;
        _cipher = keys.PackCipher(salt);
        _fullBytes = targetBytes + SlackBytes;
        _buffer = buffer ?? new byte[Math.Min(targetBytes, FirstBytes)];
        Header(keys.RepositoryId, salt).CopyTo(_buffer.AsSpan());
        _buffer.AsSpan(0, HeaderBytes).CopyTo(_associated);
        _length = HeaderBytes;
    }

    public byte[] Salt { get; }

    public int Length => _length;

    public IReadOnlyList<SegmentRecord> Segments => _segments;

    public static ReadOnlySpan<byte> HeaderMagic => "HPAK"u8;

    public static ReadOnlySpan<byte> TrailerMagic => "HPAE"u8;

    /// <summary>Encrypts the encoded bytes of a segment into the pack.</summary>
    public void Add(Hash256 id, SegmentType type, byte codec, ReadOnlySpan<byte> encoded, int rawLength)
    {
        Reserve(encoded.Length + FormatLimits.TagBytes);
        var ordinal = (uint)_segments.Count;
        WriteAssociated(_associated, ordinal, id, type, codec, rawLength);
        Span<byte> nonce = stackalloc byte[SealedBlob.NonceBytes];
        SealedBlob.WriteNonce(nonce, ordinal);
        _cipher.Encrypt(
            nonce,
            encoded,
            _buffer.AsSpan(_length, encoded.Length),
            _buffer.AsSpan(_length + encoded.Length, FormatLimits.TagBytes),
            _associated);
        var stored = encoded.Length + FormatLimits.TagBytes;
        _segments.Add(new SegmentRecord(id, ordinal, (uint)_length, (uint)stored, (uint)rawLength, codec, type));
        _length += stored;
    }

    /// <summary>Appends the footer and trailer; the result stays valid until disposal.</summary>
    public ReadOnlyMemory<byte> Seal()
    {
        var footer = new WireWriter(_segments.Count * FooterRecordBytes);
        foreach (var s in _segments)
        {
            footer.Hash(s.Id);
            footer.U32(s.Offset);
            footer.U32(s.StoredBytes);
            footer.U32(s.RawBytes);
            footer.U8(s.Codec);
            footer.U8((byte)s.Type);
            footer.U16(0);
        }

        var stored = footer.Length + FormatLimits.TagBytes;
        Reserve(stored + TrailerBytes);
        Span<byte> nonce = stackalloc byte[SealedBlob.NonceBytes];
        SealedBlob.WriteNonce(nonce, ulong.MaxValue);
        _cipher.Encrypt(
            nonce,
            footer.Written,
            _buffer.AsSpan(_length, footer.Length),
            _buffer.AsSpan(_length + footer.Length, FormatLimits.TagBytes),
            FooterAssociated(_buffer.AsSpan(0, HeaderBytes)));
        _length += stored;
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_length), (uint)stored);
        TrailerMagic.CopyTo(_buffer.AsSpan(_length + 4));
        _length += TrailerBytes;
        return _buffer.AsMemory(0, _length);
    }

    /// <summary>Hands the buffer over once the sealed pack is no longer needed; the builder is of no use afterwards.</summary>
    public byte[] TakeBuffer()
    {
        var buffer = _buffer;
        (_buffer, _length) = ([], 0);
        return buffer;
    }

    public void Dispose() => _cipher.Dispose();

    internal static byte[] FooterAssociated(ReadOnlySpan<byte> header) => [.. header, .. "footer"u8];

    internal static void WriteAssociated(Span<byte> target, uint ordinal, Hash256 id, SegmentType type, byte codec, int rawLength)
    {
        var rest = target[HeaderBytes..];
        BinaryPrimitives.WriteUInt64LittleEndian(rest, ordinal);
        id.CopyTo(rest[8..]);
        rest[8 + Hash256.Size] = (byte)type;
        rest[9 + Hash256.Size] = codec;
        BinaryPrimitives.WriteUInt32LittleEndian(rest[(10 + Hash256.Size)..], (uint)rawLength);
    }

    internal static byte[] Header(ReadOnlySpan<byte> repositoryId, ReadOnlySpan<byte> salt) =>
        [.. HeaderMagic, FormatLimits.Version, 0, 0, 0, .. repositoryId, .. salt];

    private void Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            // A large pack in one step: each in between would be garbage of its size. What is never written takes no memory of the machine.
            var neededBytes = Math.Max(4 * _buffer.Length, (int)BitOperations.RoundUpToPowerOf2((uint)(_length + count)));
            var nextBytes = neededBytes < LargeBytes ? neededBytes : Math.Max(_fullBytes, _length + count);
            var grown = GC.AllocateUninitializedArray<byte>(nextBytes);
            _buffer.AsSpan(0, _length).CopyTo(grown);
            _buffer = grown;
        }
    }
}
