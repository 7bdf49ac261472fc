using Harness.Engine.Local.Sources;
using Harness.Engine.Model;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>The traits of one real path and of its named streams.</summary>
internal static class PathTraits
{
    /// <summary>The entry first, then each named stream as <c>path:stream</c>.</summary>
    public static IReadOnlyList<(string Path, EntryTraits Traits)> Read(string path)
    {
        LinuxOnly.Require("Looks at a path");
        var entry = EntryProbe.Read(path);
        var streams = entry.Streams.Where(s => s.Name.Length > 0).Select(s => ($"{path}:{s.Name}", s.Traits));
        return [(path, entry.TaggedTraits), .. streams];
    }

    /// <summary>How it is known that the path lies on a case-sensitive file system; null when it does not.</summary>
    public static async ValueTask<string?> CaseEvidenceAsync(string path, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        var directory = Directory.Exists(full) ? full : Path.GetDirectoryName(full)!;
        var volume = await new LinuxDirectorySource(directory, TimeProvider.System).DescribeAsync(cancellationToken);
        return volume.IsCaseSensitive ? volume.CaseEvidence : null;
    }
}
