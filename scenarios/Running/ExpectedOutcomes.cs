using Harness.Scenarios.Model;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Running;

/// <summary>Applies the hand-written rows to every entry and stream of a volume.</summary>
internal static class ExpectedOutcomes
{
    /// <summary>The row of last resort for cells that expect a refusal and say nothing of paths.</summary>
    private static readonly PathExpectation Anything = new() { Path = "**", Protected = ExpectedProtection.Incremental };

    /// <summary>
    /// The outcome of every entry but the root and of every named stream; those that no row matches are reported. Nothing is
    /// expected of what lies below a directory that could not be listed or was skipped, nor of streams of such entries.
    /// </summary>
    public static IReadOnlyList<ExpectedOutcome> Of(
        VolumeView volume, IReadOnlyList<PathExpectation> rows, bool refused, Judge judge)
    {
        var outcomes = new List<ExpectedOutcome>();
        string? leftOut = null;
        foreach (var entry in volume.Walk().Where(entry => entry.Path.Length > 0))
        {
            if (leftOut is not null && entry.Path.StartsWith(leftOut, StringComparison.Ordinal))
            {
                continue;
            }

            leftOut = null;
            var row = Find(rows, entry.Path, refused, judge);
            var stream = entry.Streams.FirstOrDefault(s => s.Name.Length == 0);
            if (row is null)
            {
                continue;
            }

            outcomes.Add(new ExpectedOutcome(entry.Path, entry, stream, row));
            if (row.Skipped is not null || row.Failed is not null)
            {
                leftOut = entry.IsDirectory ? entry.Path + "/" : null;
                continue;
            }

            foreach (var named in entry.Streams.Where(s => s.Name.Length > 0))
            {
                var path = $"{entry.Path}:{named.Name}";
                if (Find(rows, path, refused, judge) is { } streamRow)
                {
                    outcomes.Add(new ExpectedOutcome(path, entry, named, streamRow));
                }
            }
        }

        return outcomes;
    }

    private static PathExpectation? Find(IReadOnlyList<PathExpectation> rows, string path, bool refused, Judge judge)
    {
        var row = rows.FirstOrDefault(r => Glob.MatchesPath(r.Path, path)) ?? (refused ? Anything : null);
        judge.Require(row is not null, path, "a row of 'paths' that says what must become of it", "no row matches");
        return row;
    }
}
