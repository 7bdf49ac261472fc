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
    /// <summary>Writes the list; an empty file says that nothing failed. FileInaccessible when it cannot be written.</summary>
    public static async Task WriteAsync(FileInfo file, BackupReport report, CancellationToken cancellationToken)
    {
        var lines = report.Failed.Select(item => $"{Field(item.Path)}\t{Field(item.Reason)}\t{Field(item.Message)}");
        try
        {
            await File.WriteAllLinesAsync(file.FullName, lines, new UTF8Encoding(false), cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible,
                $"The run is complete, but its list of failed files cannot be written to '{file}': {error.Message}",
                "Give another file with --failed-files.",
                inner: error);
        }
    }

    /// <summary>A name may hold a tab or a line end on some file systems; a line stays a line.</summary>
    private static string Field(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
}
