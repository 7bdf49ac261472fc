using Harness.Engine.Verify;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>A comparison's report for people.</summary>
internal static class VerifyText
{
    /// <summary>Writes the summary.</summary>
    public static void Write(TextWriter output, VerifyReport report)
    {
        output.WriteLine($"Compared recovery point {report.RecoveryPoint} of '{report.SourceName}' with the source.");
        output.WriteLine(
            $"  compared   {Sizes.Count(report.Files, "file")} in "
            + $"{(report.Directories == 1 ? "1 directory" : $"{report.Directories:N0} directories")}, {Sizes.Text(report.ReadBytes)} read");
        output.WriteLine($"  received   {Sizes.Text(report.ReceivedBytes)} in {Sizes.Count(report.Requests, "request")}");
        if (report.Differences.Count > 0)
        {
            output.WriteLine($"  DIFFERENT  {Sizes.Count(report.Differences.Count, "difference")}");
            PathList.Write(output, [.. report.Differences.Select(d => $"{(d.Path.Length == 0 ? "(root)" : d.Path)}  {d.Aspect}: {d.Message}")]);
        }

        ItemText.WriteFailed(output, report.Failed);
        if (report.Differences.Count + report.Failed.Count == 0)
        {
            output.WriteLine("  equal      no difference");
        }
    }
}
