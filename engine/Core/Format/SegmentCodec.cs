using System.IO.Compression;

namespace Harness.Engine.Format;

/// <summary>The codecs of FORMAT.md section 4. Pure; safe on any thread.</summary>
internal static class SegmentCodec
{
    public const byte Stored = 0;
    public const byte Brotli = 1;

    private const int Quality = 0;
    private const int WindowBits = 20;
    private const int SampleBytes = 4096;
    private const int SmallestWorthTrying = 64;

    /// <summary>
    /// Compresses into <paramref name="destination"/> when that saves at least 1/16; returns the codec and length, or Stored
    /// and 0 when the source should be stored as it is. A sample from the middle decides for large inputs.
    /// </summary>
    public static (byte Codec, int Length) Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.Length < SmallestWorthTrying || !SampleCompresses(source, destination))
        {
            return (Stored, 0);
        }

        var limit = source.Length - (source.Length / 16);
        return BrotliEncoder.TryCompress(source, destination[..Math.Min(limit, destination.Length)], out var length, Quality, WindowBits)
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
            default:
                return false;
        }
    }

    private static bool SampleCompresses(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.Length < SampleBytes * 8)
        {
            return true;
        }

        // One sample at a third and one near the end: a header that compresses must not decide for the payload.
        var first = source.Slice(source.Length / 3, SampleBytes);
        var second = source.Slice(source.Length - (SampleBytes * 2), SampleBytes);
        return Compresses(first, destination) || Compresses(second, destination);
    }

    private static bool Compresses(ReadOnlySpan<byte> sample, Span<byte> destination) =>
        BrotliEncoder.TryCompress(sample, destination[..(sample.Length - (sample.Length / 16))], out _, Quality, WindowBits);
}
