using System.Diagnostics;
using System.Globalization;

namespace Harness.Perf.Macro;

/// <summary>What one step cost this process: wall time, processor time, and the most memory it held.</summary>
internal static class ProcessCost
{
    private const string ClearPeak = "5";

    public static async Task<(Cost Cost, T Result)> OfAsync<T>(Func<Task<T>> step)
    {
        // What an earlier step left behind must not count as the peak of this one.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var hasPeak = TryResetPeak();
        var processor = Environment.CpuUsage.TotalTime;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var clock = Stopwatch.GetTimestamp();
        var result = await step();
        var wall = Stopwatch.GetElapsedTime(clock);
        return (
            new Cost(
                Math.Round(wall.TotalSeconds, 3),
                Math.Round((Environment.CpuUsage.TotalTime - processor).TotalSeconds, 3),
                hasPeak ? PeakBytes() : null,
                GC.GetTotalAllocatedBytes(precise: true) - allocated),
            result);
    }

    private static bool TryResetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", ClearPeak);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not Linux, or not allowed here: the peak of one step cannot be told from that of the process.
            return false;
        }
    }

    private static long PeakBytes()
    {
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) << 10;
    }
}

/// <summary>What one step cost.</summary>
/// <param name="WallSeconds">By the wall clock.</param>
/// <param name="ProcessorSeconds">Of all threads, system time included.</param>
/// <param name="PeakResidentBytes">Most resident memory within the step; null where the system cannot tell.</param>
/// <param name="AllocatedBytes">Managed bytes allocated by all threads.</param>
internal sealed record Cost(double WallSeconds, double ProcessorSeconds, long? PeakResidentBytes, long AllocatedBytes);
