using Harness.Engine.Errors;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports.Merging;

/// <summary>Joins the parts of a run. What does not belong together is refused; what is missing is listed, never left out.</summary>
public static class RunMerge
{
    /// <summary>
    /// Merges. FileInaccessible when no directory has results; ResultsConflict for parts of different commits, catalogues, seeds
    /// or sources, and for one cell with two results.
    /// </summary>
    public static MergedRun Of(IReadOnlyList<PartialRun> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var full = parts.Where(part => part.Results is not null).ToList();
        if (full.Count == 0)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible,
                $"None of {string.Join(", ", parts.Select(p => $"'{p.Directory}'"))} has a {ResultsFile.FileName}.",
                "Name the --out directories of 'harness run --shard'.");
        }

        RequireOneRun(full);
        var notes = parts.Except(full).Select(part => $"{part.Directory} has no {ResultsFile.FileName}: that part did not end.").ToList();
        notes.AddRange(full.Where(part => part.Header is null).Select(
            part => $"{part.Directory} has no {RunHeaderFile.FileName}: of it only missing parts can be seen, not missing cells."));
        var results = Join(full, notes);
        var planned = full.SelectMany(part => part.Header?.Planned ?? []).DistinctBy(cell => cell.Id).ToList();
        var commit = Commits(full).First().Commit;
        var missing = planned.Where(cell => !results.ContainsKey(cell.Id)).ToList();
        foreach (var cell in missing)
        {
            results.Add(cell.Id, NotRun(cell, commit));
        }

        List<string> absent = [.. results.Values.Where(r => r.State == CellState.NotRun).Select(r => r.Id).Order(StringComparer.Ordinal)];
        if (absent.Count == 0)
        {
            absent.AddRange(MissingParts(full).Select(part => $"part {part}"));
        }

        IReadOnlyList<CellResult> sorted = [.. results.Values.OrderBy(result => result.Id, StringComparer.Ordinal)];
        return new MergedRun(HeaderOf(full, planned, commit), sorted, absent, notes);
    }

    private static void RequireOneRun(List<PartialRun> parts)
    {
        var commits = Commits(parts).DistinctBy(place => place.Commit, StringComparer.Ordinal).ToList();
        if (commits.Count > 1)
        {
            throw Mixed(
                commits[0].Place, commits[1].Place, $"commit {commits[0].Commit} and commit {commits[1].Commit}");
        }

        var headers = parts.Where(part => part.Header is not null).ToList();
        foreach (var part in headers.Skip(1))
        {
            var conflict = headers[0].Header!.ConflictWith(part.Header!)
                ?? (headers[0].Header!.Source == part.Header!.Source ? null : $"source {headers[0].Header!.Source} and source {part.Header!.Source}");
            if (conflict is not null)
            {
                throw Mixed(headers[0].Directory, part.Directory, conflict);
            }
        }
    }

    /// <summary>Every commit that a directory or a line in it names, with the place.</summary>
    private static IEnumerable<(string Commit, string Place)> Commits(IEnumerable<PartialRun> parts)
    {
        foreach (var part in parts)
        {
            if (part.Header is { } header)
            {
                yield return (header.Commit, part.Directory);
            }

            var file = Path.Combine(part.Directory, ResultsFile.FileName);
            foreach (var (result, index) in part.Results!.Select((result, index) => (result, index)))
            {
                yield return (result.Commit, $"{file}:{index + 1}:1");
            }
        }
    }

    private static Dictionary<string, CellResult> Join(List<PartialRun> parts, List<string> notes)
    {
        var results = new Dictionary<string, CellResult>(StringComparer.Ordinal);
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        var twice = 0;
        foreach (var part in parts)
        {
            foreach (var (line, index) in part.Results!.Select((line, index) => (line, index)))
            {
                var result = line with { Shard = null };
                var place = $"{Path.Combine(part.Directory, ResultsFile.FileName)}:{index + 1}:1";
                if (!results.TryGetValue(result.Id, out var other) || other.State == CellState.NotRun)
                {
                    results[result.Id] = result;
                    places[result.Id] = place;
                }
                else if (result.State != CellState.NotRun)
                {
                    twice++;
                    RequireEqual(other, places[result.Id], result, place);
                }
            }
        }

        if (twice > 0)
        {
            notes.Add($"{twice} results came twice and are equal.");
        }

        return results;
    }

    private static void RequireEqual(CellResult one, string onePlace, CellResult other, string otherPlace)
    {
        if (!ResultsFile.AreEqual(one, other))
        {
            throw new BackupException(
                ErrorCode.ResultsConflict,
                $"{otherPlace}: the cell {one.Id} has another result in {onePlace}: {ResultsFile.FirstDifference(one, other)}.",
                "One commit, catalogue and seed must give one result: look at the cell, then merge one of the two.");
        }
    }

    /// <summary>Parts i/n of which no line and no header is there.</summary>
    private static IEnumerable<string> MissingParts(List<PartialRun> parts)
    {
        var seen = parts.SelectMany(part => part.Results!.Select(r => r.Shard).Append(part.Header?.Shard))
            .OfType<string>().ToHashSet(StringComparer.Ordinal);
        var counts = seen.Select(shard => ShardSpec.Parse(shard, _ => null).Count).Distinct().Order();
        return parts.Any(part => part.Header is null)
            ? counts.SelectMany(count => Enumerable.Range(1, count).Select(i => $"{i}/{count}")).Where(part => !seen.Contains(part))
            : [];
    }

    private static RunHeader HeaderOf(List<PartialRun> parts, List<PlannedResult> planned, string commit)
    {
        var headers = parts.Select(part => part.Header).OfType<RunHeader>().ToList();
        return new RunHeader
        {
            Commit = commit,
            Catalog = headers.FirstOrDefault()?.Catalog ?? "unknown",
            Seed = headers.FirstOrDefault()?.Seed,
            Source = headers.FirstOrDefault()?.Source ?? "simulated",
            Started = headers.Count == 0 ? DateTimeOffset.UnixEpoch : headers.Min(h => h.Started),
            Ended = headers.Count == 0 ? DateTimeOffset.UnixEpoch : headers.Max(h => h.Ended),
            Planned = [.. planned.OrderBy(cell => cell.Id, StringComparer.Ordinal)],
        };
    }

    private static CellResult NotRun(PlannedResult cell, string commit) => new()
    {
        Id = cell.Id,
        Cell = cell.Cell,
        Scenario = cell.Scenario,
        Title = cell.Title,
        State = CellState.NotRun,
        Reason = "No part that was merged has its result.",
        Expected = "",
        Actual = "NOT RUN",
        Clause = cell.Clause,
        Seed = cell.Seed,
        Vault = cell.Vault,
        Profile = cell.Profile,
        Commit = commit,
        Repro = cell.Repro,
    };

    private static BackupException Mixed(string one, string other, string what) => new(
        ErrorCode.ResultsConflict,
        $"{one} and {other} do not belong together: {what}.",
        "Merge only parts of one run.");
}
