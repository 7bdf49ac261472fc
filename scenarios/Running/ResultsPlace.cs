using Harness.Engine.Errors;
using Harness.Scenarios.Reports;

namespace Harness.Scenarios.Running;

/// <summary>
/// The directory that one run writes. results.jsonl appears in it complete or not at all. That of a part (--shard) is
/// written once: a part that is run again must come to the same results, which then stay as they are.
/// </summary>
/// <param name="directory">The directory.</param>
/// <param name="header">What is being run.</param>
internal sealed class ResultsPlace(string directory, RunHeader header) : IDisposable
{
    private readonly string _part = Path.Combine(directory, $".{ResultsFile.FileName}-{Environment.ProcessId}");
    private readonly string _final = Path.Combine(directory, ResultsFile.FileName);

    /// <summary>Where results are written while the run goes on.</summary>
    public string PartFile => _part;

    private bool IsWrittenOnce => header.Shard is not null;

    /// <summary>
    /// Makes and tries the directory. FileInaccessible when it cannot be written; ResultsConflict when a part would take the
    /// place of another run's results.
    /// </summary>
    public void Prepare()
    {
        OutDirectory.Prepare(directory);
        if (!IsWrittenOnce || !File.Exists(_final))
        {
            return;
        }

        var there = RunHeaderFile.Read(directory);
        var conflict = there is null ? "results of an unknown run are there"
            : there.Shard != header.Shard ? $"results of {Part(there.Shard)} are there, not of {Part(header.Shard)}"
            : there.Source != header.Source ? $"results from source {there.Source} are there, not {header.Source}"
            : there.ConflictWith(header) is { } what ? $"it would mix {what}"
            : !there.Planned.SequenceEqual(header.Planned) ? "the run there has other cells"
            : null;
        if (conflict is not null)
        {
            throw new BackupException(
                ErrorCode.ResultsConflict,
                $"The part {header.Shard} cannot be written to '{directory}': {conflict}.",
                "Give each part an --out directory of its own, new for each run.");
        }
    }

    /// <summary>
    /// Puts finished results in place and returns those that count, and whether they were there already. ResultsConflict when a
    /// part came to other results before.
    /// </summary>
    public (IReadOnlyList<CellResult> Results, bool WereThere) Publish(IReadOnlyList<CellResult> results, DateTimeOffset ended)
    {
        if (IsWrittenOnce && Stored() is { } stored)
        {
            RequireEqual(stored, results);
            return (stored, true);
        }

        RunHeaderFile.Write(directory, header with { Ended = ended });
        try
        {
            // A part that was cut off may be completed; a complete one is created and never replaced.
            File.Move(_part, _final, overwrite: !IsWrittenOnce || File.Exists(_final));
        }
        catch (IOException) when (IsWrittenOnce && Stored() is { } other)
        {
            RequireEqual(other, results);
            return (other, true);
        }

        return (results, false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (File.Exists(_part))
        {
            File.Delete(_part);
        }
    }

    /// <summary>The results there when they are complete, else null.</summary>
    private IReadOnlyList<CellResult>? Stored() =>
        File.Exists(_final) && ResultsFile.Read(_final) is var stored && stored.All(r => r.State != CellState.NotRun) ? stored : null;

    private void RequireEqual(IReadOnlyList<CellResult> stored, IReadOnlyList<CellResult> results)
    {
        var difference = stored.Count != results.Count
            ? $"{stored.Count} cells then, {results.Count} now"
            : stored.Zip(results).Where(pair => !ResultsFile.AreEqual(pair.First, pair.Second))
                .Select(pair => $"{pair.First.Id} was {CellStates.Name(pair.First.State)} then and is {CellStates.Name(pair.Second.State)} now, "
                    + ResultsFile.FirstDifference(pair.First, pair.Second))
                .FirstOrDefault();
        if (difference is not null)
        {
            throw new BackupException(
                ErrorCode.ResultsConflict,
                $"The part {header.Shard} was run before with another result: {difference}. '{_final}' stays as it was.",
                "One commit, catalogue and seed must give one result: look at the cell before you trust either.");
        }
    }

    private static string Part(string? shard) => shard is null ? "a whole run" : $"part {shard}";
}
