using Harness.Simulator.Content;

namespace Harness.Perf.Scale;

/// <summary>How fast one core makes content, in bytes a second of processor time: a busy machine can compare it.</summary>
/// <param name="Incompressible">Uniform bytes.</param>
/// <param name="Half">Compressible to a half, a fifth of the blocks duplicates.</param>
/// <param name="Text">Words.</param>
internal sealed record ContentRate(double Incompressible, double Half, double Text)
{
    private const int BufferBytes = 1 << 20;
    private const int Buffers = 256;
    private const int Rounds = 5;

    public static ContentRate Measure() => new(
        Rate(ContentProfile.Random),
        Rate(ContentProfile.Random with { RatioPermille = 500, DuplicatePermille = 200 }),
        Rate(ContentProfile.Text));

    /// <summary>The best of some rounds: what others do to the caches is not the generator's.</summary>
    private static double Rate(ContentProfile profile)
    {
        var buffer = new byte[BufferBytes];
        var best = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            var processor = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < Buffers; i++)
            {
                ContentGenerator.Fill(profile, (ulong)round, (long)i * BufferBytes, buffer);
            }

            var seconds = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
            best = Math.Max(best, (double)Buffers * BufferBytes / seconds);
        }

        return Math.Round(best);
    }
}
