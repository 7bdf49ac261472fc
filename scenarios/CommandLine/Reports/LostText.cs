using Harness.Engine.Check;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>What of a vault cannot be restored any more, for people.</summary>
internal static class LostText
{
    /// <summary>Writes a line for each recovery point that is lost whole, and for each file of the others.</summary>
    public static void Write(TextWriter output, IReadOnlyList<string> points, IReadOnlyList<LostFile> files)
    {
        foreach (var point in points)
        {
            output.WriteLine($"  lost: all of {point}");
        }

        foreach (var file in files)
        {
            output.WriteLine($"  lost: {file.Path} in {string.Join(", ", file.RecoveryPoints.Select(point => $"{file.SourceName}#{point}"))}");
        }

        if (files.Count > 0)
        {
            output.WriteLine("  A file that is still at its source comes back into all of them with 'repair' and then 'backup --full-scan'.");
        }
    }
}
