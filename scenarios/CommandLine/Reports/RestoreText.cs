using Harness.Engine.Restore;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>A restore's report for people.</summary>
internal static class RestoreText
{
    /// <summary>Writes the summary.</summary>
    public static void Write(TextWriter output, RestoreReport report, RuleProfile profile)
    {
        output.WriteLine($"Restored recovery point {report.RecoveryPoint} of '{report.SourceName}' to {report.Target}.");
        output.WriteLine(
            $"  written    {Sizes.Count(report.Files, "file")} in "
            + $"{(report.Directories == 1 ? "1 directory" : $"{report.Directories:N0} directories")}, "
            + $"{Sizes.Text(report.WrittenBytes)} of data");
        if (report.UnchangedFiles > 0)
        {
            output.WriteLine($"  unchanged  {Sizes.Count(report.UnchangedFiles, "file")} of those, which were there byte for byte");
        }

        if (report.ReusedBytes > 0)
        {
            output.WriteLine($"  reused     {Sizes.Text(report.ReusedBytes)} of that, which was there already");
        }

        output.WriteLine(
            $"  received   {Sizes.Text(report.ReceivedBytes)} in {Sizes.Count(report.Requests, "request")}");
        if (report.Kept.Count > 0)
        {
            output.WriteLine($"  kept       {Sizes.Count(report.Kept.Count, "file")} already there");
            PathList.Write(output, report.Kept);
        }

        ItemText.WriteSkipped(output, report.Skipped, profile);
        ItemText.WriteFailed(output, report.Failed);
        if (report.Notes.Count > 0)
        {
            output.WriteLine($"  notes      {report.Notes.Count:N0} that the target cannot express");
            PathList.Write(output, [.. report.Notes.Select(n => $"{n.Path}  {n.Message}")]);
        }
    }
}
