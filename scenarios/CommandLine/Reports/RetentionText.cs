using Harness.Engine.Retention;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>What a retention policy keeps, for people.</summary>
internal static class RetentionText
{
    /// <summary>Writes every recovery point with the reasons that keep it.</summary>
    public static void Write(TextWriter output, ForgetReport report, string verdict)
    {
        foreach (var decision in report.Decisions)
        {
            var why = decision.IsKept ? $"kept: {string.Join(", ", decision.Reasons)}" : verdict;
            output.WriteLine($"  {decision.Point.Number,5}  {decision.Point.TakenAt.UtcDateTime:yyyy-MM-dd HH:mm}Z  {why}");
        }

        output.WriteLine($"{report.SourceName}: {Sizes.Count(report.Forgotten.Count, "recovery point")} {verdict}.");
    }
}
