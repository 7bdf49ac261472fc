namespace Harness.Engine.Format;

/// <summary>
/// Chooses the codec of a segment by four samples of it, without compressing them twice: LZ4 takes their repetitions, and how
/// evenly the bytes that it leaves are spread says what the entropy coding of Brotli would save beyond that. Depends on nothing
/// but the content. Pure; safe on any thread.
/// </summary>
internal static class CodecChoice
{
    /// <summary>Shorter content is not sampled: the bytes of its samples would be too few to say how evenly they are spread.</summary>
    public const int ShortestContent = 4096;
    private const int LongestSample = 4096;
    private const int Samples = 4;

    /// <summary>The part of short content that one sample is.</summary>
    private const int PartOfContent = 8;

    /// <summary>Of shorter content samples tell noise from the rest; finding out more would cost as much as it saves.</summary>
    private const int ShortestJudged = LongestSample * PartOfContent;

    /// <summary>
    /// What entropy coding must save beyond LZ4 to be worth its time, a twenty-fold when decoding. Programs and text have 13 to
    /// 26 %, compressed formats with repetitions 0 to 2 %.
    /// </summary>
    private const double LeastGain = 0.06;

    /// <summary>The share that compression must save at all.</summary>
    private const double LeastSaving = 1 / 16.0;

    /// <summary>
    /// The codec for content that is not shorter than <see cref="ShortestContent"/>; <paramref name="scratch"/> takes a sample. Stored
    /// when two samples have neither repetitions nor uneven bytes: a header that has must not decide for the payload.
    /// </summary>
    public static byte Of(ReadOnlySpan<byte> source, Span<byte> scratch)
    {
        Span<int> counts = stackalloc int[byte.MaxValue + 1];
        counts.Clear();
        var left = 0;
        var sampleBytes = Math.Min(LongestSample, source.Length / PartOfContent);
        for (var i = 0; i < Samples; i++)
        {
            var sample = source.Slice(SampleOffset(source.Length, sampleBytes, i), sampleBytes);
            var length = Lz4Codec.Encode(sample, scratch[..(sampleBytes - (sampleBytes / 16))]);
            left += Count(length > 0 ? scratch[..length] : sample, counts);
            if (i == 1 && left == 2 * sampleBytes && Gain(counts, left) < LeastSaving)
            {
                return SegmentCodec.Stored;
            }

            if (source.Length < ShortestJudged && (i == 1 || length > 0))
            {
                return SegmentCodec.Brotli;
            }
        }

        return Gain(counts, left) < LeastGain ? SegmentCodec.Lz4 : SegmentCodec.Brotli;
    }

    private static int Count(ReadOnlySpan<byte> bytes, Span<int> counts)
    {
        foreach (var value in bytes)
        {
            counts[value]++;
        }

        return bytes.Length;
    }

    /// <summary>What coding bytes by their frequency would save: one minus their entropy in bytes.</summary>
    private static double Gain(ReadOnlySpan<int> counts, int total)
    {
        var sum = 0.0;
        foreach (var count in counts)
        {
            sum += count > 0 ? count * Math.Log2(count) : 0;
        }

        return 1 - ((Math.Log2(total) - (sum / total)) / 8);
    }

    /// <summary>A third in, near the end, then between: headers are at the beginning.</summary>
    private static int SampleOffset(int sourceLength, int sampleBytes, int sample) => sample switch
    {
        0 => sourceLength / 3,
        1 => sourceLength - (sampleBytes * 2),
        2 => (int)(sourceLength * 2L / 3),
        _ => sourceLength / 8,
    };
}
