using System.Buffers.Binary;
using System.Security.Cryptography;
using Harness.Engine.Crypto;

namespace Harness.Engine.Format;

/// <summary>
/// Decrypts segments of one pack (FORMAT.md section 5), given its salt from the index or its header. One thread at a time.
/// Throws <see cref="InvalidDataException"/> or <see cref="AuthenticationTagMismatchException"/>; callers name the blob.
/// </summary>
internal sealed class PackReader : IDisposable
{
    private readonly KeyRing _keys;
    private readonly AesGcm _cipher;
    private readonly byte[] _header;
    private readonly byte[] _associated = new byte[PackBuilder.HeaderBytes + 8 + Hash256.Size + 6];

    public PackReader(KeyRing keys, ReadOnlySpan<byte> salt)
    {
        _keys = keys;
        _cipher = keys.PackCipher(salt);
        _header = PackBuilder.Header(keys.RepositoryId, salt);
        _header.CopyTo(_associated, 0);
    }

    /// <summary>From the pack's own first bytes.</summary>
    public static PackReader FromHeader(KeyRing keys, ReadOnlySpan<byte> pack)
    {
        if (pack.Length < PackBuilder.HeaderBytes)
        {
            throw new InvalidDataException("it is shorter than its header");
        }

        var salt = pack.Slice(24, KeyRing.SaltBytes);
        var reader = new PackReader(keys, salt);
        if (!pack[..PackBuilder.HeaderBytes].SequenceEqual(reader._header))
        {
            reader.Dispose();
            throw new InvalidDataException("its header is not valid");
        }

        return reader;
    }

    /// <summary>Decrypts, decodes and re-hashes a segment into <paramref name="raw"/>, which has exactly its raw length.</summary>
    public void Read(SegmentRecord segment, ReadOnlySpan<byte> stored, Span<byte> raw)
    {
        if (stored.Length != segment.StoredBytes || raw.Length != segment.RawBytes || stored.Length < FormatLimits.TagBytes
            || stored.Length > FormatLimits.RangeBytes + FormatLimits.TagBytes)
        {
            throw new InvalidDataException("a segment's length is not what the index says");
        }

        var encoded = stored[..^FormatLimits.TagBytes];
        PackBuilder.WriteAssociated(
            _associated, segment.Ordinal, segment.Id, segment.Type, segment.Codec, (int)segment.RawBytes);
        if (segment.Codec == SegmentCodec.Stored && encoded.Length == raw.Length)
        {
            Span<byte> nonce = stackalloc byte[SealedBlob.NonceBytes];
            SealedBlob.WriteNonce(nonce, segment.Ordinal);
            _cipher.Decrypt(nonce, encoded, stored[^FormatLimits.TagBytes..], raw, _associated);
        }
        else
        {
            Decode(segment, encoded, stored[^FormatLimits.TagBytes..], raw);
        }

        if (_keys.SegmentId(raw) != segment.Id)
        {
            throw new InvalidDataException("a segment does not hash to its id");
        }
    }

    /// <summary>The segments of a whole pack, checked against each other and the pack's length.</summary>
    public IReadOnlyList<SegmentRecord> ReadFooter(ReadOnlySpan<byte> pack) => ReadFooter(pack, pack.Length);

    /// <summary>The same from the end of a pack of some length, which holds the whole footer.</summary>
    public IReadOnlyList<SegmentRecord> ReadFooter(ReadOnlySpan<byte> end, int packBytes)
    {
        var trailer = packBytes < PackBuilder.HeaderBytes + PackBuilder.TrailerBytes ? default : end[^PackBuilder.TrailerBytes..];
        if (trailer.IsEmpty || !trailer[4..].SequenceEqual(PackBuilder.TrailerMagic))
        {
            throw new InvalidDataException("its trailer is not valid");
        }

        var stored = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        var room = Math.Min(end.Length, packBytes - PackBuilder.HeaderBytes) - PackBuilder.TrailerBytes;
        if (stored < FormatLimits.TagBytes || stored > room
            || (stored - FormatLimits.TagBytes) % PackBuilder.FooterRecordBytes != 0)
        {
            throw new InvalidDataException("its footer length is not valid");
        }

        if ((stored - FormatLimits.TagBytes) / PackBuilder.FooterRecordBytes > FormatLimits.PackSegments)
        {
            throw new InvalidDataException($"it has more than {FormatLimits.PackSegments} segments");
        }

        var footer = end.Slice(end.Length - PackBuilder.TrailerBytes - (int)stored, (int)stored);
        var plain = new byte[stored - FormatLimits.TagBytes];
        Span<byte> nonce = stackalloc byte[SealedBlob.NonceBytes];
        SealedBlob.WriteNonce(nonce, ulong.MaxValue);
        _cipher.Decrypt(
            nonce,
            footer[..plain.Length],
            footer[plain.Length..],
            plain,
            PackBuilder.FooterAssociated(_header));
        return Parse(plain, packBytes - PackBuilder.TrailerBytes - (int)stored);
    }

    public void Dispose() => _cipher.Dispose();

    private static List<SegmentRecord> Parse(byte[] plain, int bodyLength)
    {
        var reader = new WireReader(plain);
        var segments = new List<SegmentRecord>(plain.Length / PackBuilder.FooterRecordBytes);
        long expected = PackBuilder.HeaderBytes;
        while (!reader.AtEnd)
        {
            var segment = new SegmentRecord(
                reader.Hash(), (uint)segments.Count, reader.U32(), reader.U32(), reader.U32(), reader.U8(), (SegmentType)reader.U8());
            _ = reader.U16();
            if (segment.Offset != expected)
            {
                throw new InvalidDataException("its segments do not lie side by side");
            }

            if (!segment.IsWithinLimits)
            {
                throw new InvalidDataException("a segment is longer than one may be");
            }

            expected += segment.StoredBytes;
            segments.Add(segment);
        }

        return expected == bodyLength ? segments : throw new InvalidDataException("its segments do not fill it");
    }

    private void Decode(SegmentRecord segment, ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> tag, Span<byte> raw)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(encoded.Length);
        try
        {
            var plain = buffer.AsSpan(0, encoded.Length);
            Span<byte> nonce = stackalloc byte[SealedBlob.NonceBytes];
            SealedBlob.WriteNonce(nonce, segment.Ordinal);
            _cipher.Decrypt(nonce, encoded, tag, plain, _associated);
            if (!SegmentCodec.TryDecode(segment.Codec, plain, raw))
            {
                throw new InvalidDataException("a segment does not decode");
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
