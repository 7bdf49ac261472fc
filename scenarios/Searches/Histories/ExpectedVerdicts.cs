using Harness.Engine.Model;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches.Histories;

/// <summary>
/// What the documents say of each entry and stream of a volume ("Preparing to back up workloads to Azure with DPM (classic portal)",
/// 2017-03-10), written by hand and without the engine's rules: what is left out and by which clause, and what is sent whole.
/// </summary>
internal static class ExpectedVerdicts
{
    /// <summary>What is left out, as <c>path reason clause</c>, and what is sent whole on each change.</summary>
    public static (SortedSet<string> Skipped, SortedSet<string> SkippedPaths, SortedSet<string> FullOnly) Of(VolumeView volume)
    {
        SortedSet<string> skipped = new(StringComparer.Ordinal), paths = new(StringComparer.Ordinal), whole = new(StringComparer.Ordinal);
        foreach (var entry in volume.Walk().Where(entry => entry.Path.Length > 0))
        {
            if (Entry(entry) is { } reason)
            {
                Skip(entry.Path, reason);
                continue;
            }

            if (Is(entry, StreamFlags.Encrypted))
            {
                whole.Add(entry.Path);
            }

            foreach (var stream in entry.Streams.Where(stream => stream.Name.Length > 0))
            {
                if (Stream(stream.Flags) is { } why)
                {
                    Skip($"{entry.Path}:{stream.Name}", why);
                }
            }
        }

        return (skipped, paths, whole);

        void Skip(string path, (string Reason, string Clause) why)
        {
            skipped.Add($"{path} {why.Reason} {why.Clause}");
            paths.Add(path);
        }
    }

    private static (string Reason, string Clause)? Entry(VolumeEntry entry) =>
        entry.ReparseTag == ReparseContent.DeduplicatedTag ? ("reparse-point", "file.deduplicated")
        : entry.ReparseTag is not null ? ("reparse-point", "file.reparse-point")
        : entry.IsDirectory ? null
        : entry.LinkCount > 1 ? ("hard-link", "file.hard-link")
        : Is(entry, StreamFlags.Encrypted) && Is(entry, StreamFlags.Compressed) ? ("encrypted-and-compressed", "file.encrypted-compressed")
        : Is(entry, StreamFlags.Encrypted) && Is(entry, StreamFlags.Sparse) ? ("encrypted-and-sparse", "file.encrypted-sparse")
        : null;

    private static (string Reason, string Clause)? Stream(StreamFlags flags) =>
        flags.HasFlag(StreamFlags.Compressed) ? ("compressed-stream", "stream.compressed")
        : flags.HasFlag(StreamFlags.Sparse) ? ("sparse-stream", "stream.sparse")
        : null;

    private static bool Is(VolumeEntry entry, StreamFlags flag) => !entry.IsDirectory && entry.Streams[0].Flags.HasFlag(flag);
}
