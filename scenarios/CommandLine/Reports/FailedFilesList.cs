using System.Text;
using Harness.Engine.Backup;
using Harness.Engine.Errors;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>
/// The list of what a run could not protect, as text for other programs: the counterpart of the agent's
/// LastBackupFailedFiles log (Troubleshoot the Azure Backup agent).
/// </summary>
internal static class FailedFilesList
{
    private const string RunFailed = "run-failed";

    /// <summary>Writes the list; an empty file says that nothing failed. FileInaccessible when it cannot be written.</summary>
    public static Task WriteAsync(FileInfo file, BackupReport report, CancellationToken cancellationToken) =>
        WriteAsync(file, report.Failed.Select(Line), "The run is complete, but", cancellationToken);

    /// <summary>
    /// Writes the list of a run that made no recovery point: what it could not read as far as it came, and at the end a line without a
    /// path for the run itself, so that no list of an earlier run is taken for its own and none is empty.
    /// </summary>
    public static Task WriteAsync(FileInfo file, FailedRun? run, ErrorCode code, string message) => WriteAsync(
        file, [.. (run?.Failed ?? []).Select(Line), Line(new FailedItem("", RunFailed, $"{code}: {message}", ""))], "The run failed, and", CancellationToken.None);

    private static string Line(FailedItem item) => $"{Field(item.Path)}\t{Field(item.Reason)}\t{Field(item.Message)}";

    private static async Task WriteAsync(FileInfo file, IEnumerable<string> lines, string what, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllLinesAsync(file.FullName, lines, new UTF8Encoding(false), cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible,
                $"{what} its list of failed files cannot be written to '{file}': {error.Message}",
                "Give another file with --failed-files.",
                inner: error);
        }
    }

    /// <summary>A name may hold a tab or a line end on some file systems; a line stays a line.</summary>
    private static string Field(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
}
