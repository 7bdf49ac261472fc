using Harness.Engine.RecoveryPoints;
using Harness.Scenarios.CommandLine.Output;
using Spectre.Console;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>The recovery points of a vault as a table.</summary>
internal static class RecoveryPointsTable
{
    /// <summary>Writes one row a recovery point, and below them a line for each that is damaged.</summary>
    public static void Write(Terminal terminal, RecoveryPointListing listing)
    {
        var table = new Table { Border = terminal.IsOutLive ? TableBorder.Rounded : TableBorder.Ascii };
        foreach (var column in new[] { "source", "point", "taken (UTC)", "mode", "files", "size", "changed", "skipped", "failed" })
        {
            table.AddColumn(new TableColumn(new Text(column)));
        }

        foreach (var point in listing.Points)
        {
            table.AddRow(
                new Text(point.SourceName),
                new Text($"{point.RecoveryPoint}"),
                new Text($"{point.TakenAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}"),
                new Text(point.Mode == Engine.Backup.BackupMode.Full ? "full" : "incremental"),
                new Text($"{point.Protected.Files:N0}"),
                new Text(Sizes.Text(point.Protected.LogicalBytes)),
                new Text(Sizes.Text(point.ChangedBytes)),
                new Text($"{point.SkippedCount:N0}"),
                new Text($"{point.FailedCount:N0}"));
        }

        terminal.OutConsole.Write(table);
        foreach (var damaged in listing.Damaged)
        {
            terminal.Out.WriteLine($"{damaged.Code}: recovery point {damaged.RecoveryPoint} of '{damaged.SourceName}': {damaged.Message}");
        }

        if (listing.Damaged.Count > 0)
        {
            terminal.Out.WriteLine("Run 'check' to see which others suffer; the rest can be restored.");
        }
    }
}
