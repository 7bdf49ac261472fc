namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>The first few of many paths.</summary>
internal static class PathList
{
    private const int Shown = 10;

    /// <summary>Writes up to ten lines and how many more there are.</summary>
    public static void Write(TextWriter output, IReadOnlyCollection<string> lines)
    {
        foreach (var line in lines.Take(Shown))
        {
            output.WriteLine("      " + line);
        }

        if (lines.Count > Shown)
        {
            output.WriteLine($"      ... and {lines.Count - Shown:N0} more (--json lists all)");
        }
    }
}
