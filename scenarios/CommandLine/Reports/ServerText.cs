using Harness.Scenarios.CommandLine.Documents;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>What a protection server may do, for people.</summary>
internal static class ServerText
{
    /// <summary>Writes what was done, and each step that could come next with what it lacks.</summary>
    public static void Write(TextWriter output, ServerDocument document)
    {
        output.WriteLine($"{document.Host}: {(document.Done.Count > 0 ? string.Join(", ", document.Done) : "nothing is installed")}");
        foreach (var next in document.Now)
        {
            output.WriteLine($"  {next.Step,-14} {(next.Needs.Count == 0 ? "may be done" : "needs first:")}");
            foreach (var need in next.Needs)
            {
                output.WriteLine($"    {need.Needed}; found {need.Found} [{need.Clause}]");
            }
        }
    }
}
