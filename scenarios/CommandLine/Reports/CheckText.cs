using Harness.Engine.Check;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>A check's report for people.</summary>
internal static class CheckText
{
    /// <summary>Writes the summary; damage first, each piece with the recovery points that suffer.</summary>
    public static void Write(TextWriter output, CheckReport report, bool readData)
    {
        var extent = readData ? $", {Sizes.Count(report.SegmentsRead, "segment")} read back and hashed" : "";
        output.WriteLine(report.Findings.Count == 0 ? "No damage found." : $"DAMAGE: {report.Findings.Count:N0} found.");
        foreach (var finding in report.Findings)
        {
            var points = finding.RecoveryPoints.Count > 0 ? string.Join(", ", finding.RecoveryPoints) : "no recovery point";
            output.WriteLine($"  {finding.Code} {finding.Blob}: {finding.Message} Affects {points}.");
        }

        LostText.Write(output, report.LostRecoveryPoints, report.LostFiles);
        output.WriteLine(
            $"  looked at  {Sizes.Count(report.RecoveryPoints, "recovery point")}, {Sizes.Count(report.Packs, "pack")}{extent}; "
            + $"received {Sizes.Text(report.ReceivedBytes)}");
        if (report.Unreferenced.Count > 0)
        {
            output.WriteLine(
                $"  leftover   {Sizes.Count(report.Unreferenced.Count, "blob")} that nothing refers to (a run was cut off): no damage");
        }

        if (!readData)
        {
            output.WriteLine("  Only the structure was checked; --read-data reads every byte back.");
        }
    }
}
