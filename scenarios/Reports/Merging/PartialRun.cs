using Harness.Engine.Errors;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports.Merging;

/// <summary>What one directory holds of a run.</summary>
/// <param name="Directory">The directory as the user named it.</param>
/// <param name="Header">What was run; null when there is no run.json.</param>
/// <param name="Results">The results; null when there is no results.jsonl, as after a part that was killed.</param>
public sealed record PartialRun(string Directory, RunHeader? Header, IReadOnlyList<CellResult>? Results)
{
    /// <summary>
    /// Reads a directory; one that is not there has no results. ArgumentInvalid with file, line and column for a damaged file.
    /// </summary>
    public static PartialRun Read(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        if (File.Exists(directory))
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"'{directory}' is a file; a merge takes the --out directories of runs.",
                $"Name the directory that holds its {ResultsFile.FileName}.");
        }

        var file = Path.Combine(directory, ResultsFile.FileName);
        return new PartialRun(directory, RunHeaderFile.Read(directory), File.Exists(file) ? ResultsFile.Read(file) : null);
    }
}
