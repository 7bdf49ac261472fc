using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Harness.Engine.Crypto;

namespace Harness.Engine.Format;

/// <summary>The types of sealed blobs (FORMAT.md sections 2 and 4).</summary>
internal enum SealedType : byte
{
    Index = 1,
    Manifest = 2,
    Commit = 3,
    Deleted = 4,
    Gc = 5,
    Session = 6,
    Checkpoint = 7,

    /// <summary>The state file of the scratch location; never in a vault.</summary>
    ScratchState = 16,

    /// <summary>A frame of the run log of the scratch location; never in a vault.</summary>
    RunLog = 17,

    /// <summary>The head of the segment tables of the scratch location; never in a vault.</summary>
    ScratchSegments = 18,

    /// <summary>A frame of the recovery points that the scratch location remembers; never in a vault.</summary>
    KnownPoints = 19,
}

/// <summary>Seals and opens the envelope of index, manifest and commit blobs (FORMAT.md section 4).</summary>
internal static class SealedBlob
{
    public const int HeaderBytes = 56;
    public const int FrameHeaderBytes = 12;
    public const int NonceBytes = 12;
    private static ReadOnlySpan<byte> Magic => "HVLT"u8;

    public static byte[] Seal(KeyRing keys, SealedType type, string context, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> salt)
    {
        var frames = Math.Max(1, ((long)plaintext.Length + FormatLimits.RangeBytes - 1) / FormatLimits.RangeBytes);
        var boundBytes = checked((int)(HeaderBytes + plaintext.Length + (frames * (FrameHeaderBytes + FormatLimits.TagBytes))));
        var output = ArrayPool<byte>.Shared.Rent(boundBytes);
        var scratch = ArrayPool<byte>.Shared.Rent(Math.Min(plaintext.Length, FormatLimits.RangeBytes));
        try
        {
            WriteHeader(output, keys, type, salt);
            var length = SealFrames(keys, context, plaintext, output, scratch);
            return output.AsSpan(0, length).ToArray();
        }
        finally
        {
            // Manifests hold names: they do not stay behind in a buffer that others are given.
            ArrayPool<byte>.Shared.Return(scratch, clearArray: true);
            ArrayPool<byte>.Shared.Return(output);
        }
    }

    public static byte[] Open(KeyRing keys, SealedType type, string context, ReadOnlySpan<byte> blob, string name)
    {
        try
        {
            return Open(keys, type, context, blob);
        }
        catch (InvalidDataException error)
        {
            throw Damage.In(name, error.Message, error);
        }
        catch (AuthenticationTagMismatchException error)
        {
            throw Damage.In(name, "its authentication tag does not match", error);
        }
    }

    /// <summary>Four zero bytes and a number.</summary>
    public static void WriteNonce(Span<byte> nonce, ulong ordinal)
    {
        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], ordinal);
    }

    private static void WriteHeader(Span<byte> output, KeyRing keys, SealedType type, ReadOnlySpan<byte> salt)
    {
        Magic.CopyTo(output);
        output[4] = FormatLimits.Version;
        output[5] = (byte)type;
        output[6..8].Clear();
        keys.RepositoryId.CopyTo(output[8..]);
        salt.CopyTo(output[24..HeaderBytes]);
    }

    /// <summary>Writes the frames behind the header; returns the length of the whole blob.</summary>
    private static int SealFrames(
        KeyRing keys, string context, ReadOnlySpan<byte> plaintext, Span<byte> output, Span<byte> scratch)
    {
        var associated = new AssociatedData(output[..HeaderBytes], context);
        using var cipher = keys.SealedCipher(output[24..HeaderBytes]);
        Span<byte> nonce = stackalloc byte[NonceBytes];
        var position = HeaderBytes;
        ulong ordinal = 0;
        do
        {
            WriteNonce(nonce, ordinal);
            var raw = plaintext[..Math.Min(plaintext.Length, FormatLimits.RangeBytes)];
            plaintext = plaintext[raw.Length..];
            var (codec, length) = SegmentCodec.Encode(raw, scratch[..raw.Length]);
            var stored = codec == SegmentCodec.Stored ? raw : scratch[..length];
            var frame = output.Slice(position, FrameHeaderBytes);
            WriteFrameHeader(frame, stored.Length, raw.Length, codec, plaintext.IsEmpty);
            position += FrameHeaderBytes;
            cipher.Encrypt(
                nonce,
                stored,
                output.Slice(position, stored.Length),
                output.Slice(position + stored.Length, FormatLimits.TagBytes),
                associated.For(frame, ordinal));
            position += stored.Length + FormatLimits.TagBytes;
            ordinal++;
        }
        while (!plaintext.IsEmpty);
        return position;
    }

    private static byte[] Open(KeyRing keys, SealedType type, string context, ReadOnlySpan<byte> blob)
    {
        var reader = new WireReader(blob);
        var header = reader.Raw(HeaderBytes);
        Expect(header[..4].SequenceEqual(Magic), "it does not begin with HVLT");
        Expect(header[4] == FormatLimits.Version, $"its version is {header[4]}");
        Expect(header[5] == (byte)type && header[6] == 0 && header[7] == 0, "its type is another");
        Expect(header.Slice(8, 16).SequenceEqual(keys.RepositoryId), "it belongs to another repository");
        RequireLimits(reader);
        using var opened = new OpenedFrames(blob.Length);
        OpenFrames(keys, context, header, reader, opened);
        return opened.ToArray();
    }

    /// <summary>
    /// Adds up what the frames claim, before anything is reserved or decrypted: a frame of 40 bytes may stand for a MiB, and a blob has
    /// room for a million of them.
    /// </summary>
    private static void RequireLimits(WireReader reader)
    {
        long raw = 0;
        for (var isLast = false; !isLast;)
        {
            var frame = reader.Raw(FrameHeaderBytes);
            var storedLength = BinaryPrimitives.ReadUInt32LittleEndian(frame);
            var rawLength = BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]);
            Expect(storedLength <= FormatLimits.RangeBytes && rawLength <= FormatLimits.RangeBytes, "a frame is too long");
            Expect(frame[9] <= 1 && frame[10] == 0 && frame[11] == 0, "a frame header is not valid");
            raw += rawLength;
            Expect(raw <= FormatLimits.SealedRawBytes, "it stands for more bytes than a blob may");
            _ = reader.Raw((int)storedLength + FormatLimits.TagBytes);
            isLast = frame[9] == 1;
        }

        reader.End();
    }

    private static void OpenFrames(
        KeyRing keys, string context, ReadOnlySpan<byte> header, WireReader reader, OpenedFrames opened)
    {
        var associated = new AssociatedData(header, context);
        using var cipher = keys.SealedCipher(header[24..]);
        Span<byte> nonce = stackalloc byte[NonceBytes];
        for (ulong ordinal = 0; ; ordinal++)
        {
            var frame = reader.Raw(FrameHeaderBytes);
            var storedLength = BinaryPrimitives.ReadUInt32LittleEndian(frame);
            var rawLength = BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]);
            var ciphertext = reader.Raw((int)storedLength);
            var tag = reader.Raw(FormatLimits.TagBytes);
            var plain = opened.Plain((int)storedLength);
            WriteNonce(nonce, ordinal);
            cipher.Decrypt(nonce, ciphertext, tag, plain, associated.For(frame, ordinal));
            Expect(SegmentCodec.TryDecode(frame[8], plain, opened.Next((int)rawLength)), "a frame does not decode");
            if (frame[9] == 1)
            {
                return;
            }
        }
    }

    private static void Expect(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidDataException(otherwise);
        }
    }

    private static void WriteFrameHeader(Span<byte> header, int stored, int raw, byte codec, bool last)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)stored);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)raw);
        header[8] = codec;
        header[9] = last ? (byte)1 : (byte)0;
        header[10..FrameHeaderBytes].Clear();
    }

    private readonly struct AssociatedData
    {
        private readonly byte[] _buffer;
        private readonly int _prefix;

        public AssociatedData(ReadOnlySpan<byte> header, string context)
        {
            byte[] tail = Encoding.ASCII.GetBytes(context);
            _prefix = header.Length + tail.Length;
            _buffer = new byte[_prefix + FrameHeaderBytes + sizeof(ulong)];
            header.CopyTo(_buffer);
            tail.CopyTo(_buffer, header.Length);
        }

        public ReadOnlySpan<byte> For(ReadOnlySpan<byte> frame, ulong ordinal)
        {
            frame.CopyTo(_buffer.AsSpan(_prefix));
            BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(_prefix + FrameHeaderBytes), ordinal);
            return _buffer;
        }
    }
}
