using Harness.Engine.Backup;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>A backup's report for people: a screen, not a log; the JSON document has every path.</summary>
internal static class BackupText
{
    /// <summary>Writes the summary.</summary>
    public static void Write(TextWriter output, BackupReport report, RuleProfile profile, string vault)
    {
        var what = $"{JsonName(report.Mode)} of '{report.SourceName}' under {report.Profile}";
        output.WriteLine(report.RecoveryPoint is { } number
            ? $"Recovery point {number} in {vault}: {what}."
            : $"Dry run: {what}. Nothing was written.");
        output.WriteLine(
            $"  protected  {Sizes.Count(report.Protected.Files, "file")} in "
            + $"{(report.Protected.Directories == 1 ? "1 directory" : $"{report.Protected.Directories:N0} directories")}, "
            + $"{Sizes.Text(report.Protected.LogicalBytes)} ({Sizes.Text(report.Protected.AllocatedBytes)} allocated)");
        if (report.Planned is { } planned)
        {
            output.WriteLine(
                $"  planned    {Way(planned)}; would read {Sizes.Text(planned.ReadBytes)} of {Sizes.Count(planned.Files, "file")}");
        }
        else
        {
            WriteCost(output, report);
        }

        if (report.FullOnly.Count > 0)
        {
            output.WriteLine($"  sent whole {Sizes.Count(report.FullOnly.Count, "file")} on each change");
            PathList.Write(output, report.FullOnly);
        }

        ItemText.WriteSkipped(output, report.Skipped, profile);
        ItemText.WriteFailed(output, report.Failed);
        if (report.Alert != AlertLevel.None)
        {
            output.WriteLine($"  outcome    completed with warnings; alert: {report.Alert.ToString().ToLowerInvariant()} (outcome.alert)");
        }

        foreach (var note in report.Fallbacks)
        {
            output.WriteLine($"  fallback   {note.Code}{ItemText.Published(note.Published)}: {note.Message}{Clause(note, profile)}");
        }

        foreach (var note in report.Warnings)
        {
            output.WriteLine($"  warning    {note.Code}{ItemText.Published(note.Published)}: {note.Message}{Clause(note, profile)}");
        }
    }

    private static void WriteCost(TextWriter output, BackupReport report)
    {
        output.WriteLine(
            $"  changed    {Sizes.Text(report.ChangedBytes)}; read {Sizes.Text(report.ReadBytes)}; "
            + $"sent {Sizes.Text(report.SentBytes)} in {Sizes.Count(report.Requests, "request")}, "
            + $"{Sizes.Text(report.StoredBytes)} of it blob content");
        output.WriteLine(
            $"  scratch    at most {Sizes.Text(report.ScratchPeakBytes)}; "
            + $"time {report.Phases.Sum(p => p.Milliseconds) / 1000:0.0} s");
    }

    private static string Way(DryRunPlan plan) => plan.ChangePath switch
    {
        "changes" => "the source tells what changed",
        "scan" => "every entry is listed to find what changed",
        _ => "everything is read, since there is no recovery point yet",
    };

    private static string Clause(ReportNote note, RuleProfile profile) =>
        note.Clause is { } id ? $" [{(profile.HasClause(id) ? Citation.Short(profile.GetClause(id)) : id)}]" : "";

    private static string JsonName(BackupMode mode) => mode == BackupMode.Full ? "full backup" : "incremental backup";
}
