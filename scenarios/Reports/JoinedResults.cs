using Harness.Engine.Errors;
using Harness.Scenarios.Reports.History;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports;

/// <summary>Results of several runs that complete each other: other vaults, other sources, other scenarios.</summary>
public static class JoinedResults
{
    /// <summary>
    /// The results of all files, by id and source. ArgumentInvalid when two of them have the same cell of the same source, or
    /// when there is none at all.
    /// </summary>
    /// <param name="places">Files, or directories that hold a results.jsonl.</param>
    public static IReadOnlyList<CellResult> Read(IReadOnlyList<string> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        var found = new SortedDictionary<string, (CellResult Result, string Place)>(StringComparer.Ordinal);
        foreach (var place in places)
        {
            foreach (var result in ResultsFile.Read(Directory.Exists(place) ? Path.Combine(place, ResultsFile.FileName) : place))
            {
                var key = RunHistory.KeyOf(result);
                if (!found.TryAdd(key, (result, place)))
                {
                    throw new BackupException(
                        ErrorCode.ArgumentInvalid,
                        $"The cell '{key}' is in '{found[key].Place}' and again in '{place}'.",
                        "Name each run once; earlier runs are shown with --history.");
                }
            }
        }

        return found.Count > 0
            ? [.. found.Values.Select(item => item.Result)]
            : throw new BackupException(
                ErrorCode.ArgumentInvalid, $"There are no results in {string.Join(", ", places)}.", "Name the out directory of a finished run.");
    }
}
