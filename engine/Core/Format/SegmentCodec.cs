using System.IO.Compression;

namespace Harness.Engine.Format;

/// <summary>The codecs of FORMAT.md section 4. Pure; safe on any thread.</summary>
internal static class SegmentCodec
{
    public const byte Stored = 0;
    public const byte Brotli = 1;
    public const byte Lz4 = 2;

    private const int Quality = 0;

    /// <summary>Content that is coded at once in one piece has one set of codes: with a set for each 256 KiB text is 4 % shorter.</summary>
    private const int WindowBits = 18;
    private const int SmallestWorthTrying = 64;

    /// <summary>
    /// Compresses into <paramref name="destination"/> when that saves at least 1/16; returns the codec and length, or Stored
    /// and 0 when the source should be stored as it is. Samples decide, but for the shortest.
    /// </summary>
    public static (byte Codec, int Length) Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        destination = destination[..Math.Min(WorthwhileLength(source.Length), destination.Length)];
        var codec = source.Length < SmallestWorthTrying ? Stored
            : source.Length < CodecChoice.ShortestContent ? Brotli
            : CodecChoice.Of(source, destination);
        if (codec == Lz4 && Lz4Codec.Encode(source, destination) is var length and > 0)
        {
            return (Lz4, length);
        }

        return codec != Stored && BrotliEncoder.TryCompress(source, destination, out length, Quality, WindowBits)
            ? (Brotli, length)
            : (Stored, 0);
    }

    /// <summary>Decodes to exactly <paramref name="destination"/>; false when that is not what the bytes say.</summary>
    public static bool TryDecode(byte codec, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        switch (codec)
        {
            case Stored when source.Length == destination.Length:
                source.CopyTo(destination);
                return true;
            case Brotli:
                return BrotliDecoder.TryDecompress(source, destination, out var length) && length == destination.Length;
            case Lz4:
                return Lz4Decoder.TryDecode(source, destination);
            default:
                return false;
        }
    }

    private static int WorthwhileLength(int sourceLength) => sourceLength - (sourceLength / 16);
}
