using Harness.Engine.Backup;
using Harness.Simulator.Volume;

namespace Harness.Tests.Engine.Swarm;

/// <summary>
/// What the page of 2018 says of each entry, written by hand from its list of file types and never from the engine's rules.
/// </summary>
internal static class RulesByHand
{
    /// <summary>Expected skips (path and reason) and full-only paths of a volume, each in ordinal order.</summary>
    public static (IReadOnlyList<(string Path, string Reason)> Skipped, IReadOnlyList<string> FullOnly) Of(VolumeView volume)
    {
        var skipped = new List<(string Path, string Reason)>();
        var fullOnly = new List<string>();
        foreach (var entry in volume.Walk())
        {
            if (WholeEntry(entry) is { } reason)
            {
                skipped.Add((entry.Path, reason));
                continue;
            }

            if (!entry.IsDirectory && entry.Streams[0].Flags.HasFlag(StreamFlags.Encrypted))
            {
                fullOnly.Add(entry.Path);
            }

            foreach (var stream in entry.Streams.Where(stream => stream.Name.Length > 0))
            {
                if (stream.Flags.HasFlag(StreamFlags.Compressed))
                {
                    skipped.Add(($"{entry.Path}:{stream.Name}", "compressed-stream"));
                }
                else if (stream.Flags.HasFlag(StreamFlags.Sparse))
                {
                    skipped.Add(($"{entry.Path}:{stream.Name}", "sparse-stream"));
                }
            }
        }

        skipped.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        fullOnly.Sort(string.CompareOrdinal);
        return (skipped, fullOnly);
    }

    /// <summary>The same of a report, to compare.</summary>
    public static (IReadOnlyList<(string Path, string Reason)> Skipped, IReadOnlyList<string> FullOnly) Of(BackupReport report) =>
        ([.. report.Skipped.Select(item => (item.Path, item.Reason))], report.FullOnly);

    private static string? WholeEntry(VolumeEntry entry)
    {
        if (entry.ReparseTag is not null)
        {
            return "reparse-point";
        }

        if (entry.IsDirectory)
        {
            return null;
        }

        var flags = entry.Streams[0].Flags;
        return entry.LinkCount > 1 ? "hard-link"
            : flags.HasFlag(StreamFlags.Encrypted | StreamFlags.Compressed) ? "encrypted-and-compressed"
            : flags.HasFlag(StreamFlags.Encrypted | StreamFlags.Sparse) ? "encrypted-and-sparse"
            : null;
    }
}
