using Harness.Engine.Backup;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>Skipped and failed entries for people.</summary>
internal static class ItemText
{
    /// <summary>Writes what the rules left out, by reason, each with the clause in the document's words.</summary>
    public static void WriteSkipped(TextWriter output, IReadOnlyList<SkippedItem> skipped, RuleProfile profile)
    {
        if (skipped.Count == 0)
        {
            return;
        }

        output.WriteLine($"  skipped    {skipped.Count:N0} by the rules");
        foreach (var group in skipped.GroupBy(s => (s.Reason, s.Clause)).OrderBy(g => g.Key.Reason, StringComparer.Ordinal))
        {
            var clause = profile.HasClause(group.Key.Clause)
                ? Citation.Short(profile.GetClause(group.Key.Clause))
                : group.Key.Clause;
            output.WriteLine($"    {group.Key.Reason}: {group.Count():N0}, by {clause}");
            PathList.Write(output, [.. group.Select(s => s.Path)]);
        }
    }

    /// <summary>The code that the documents print for it, in brackets; nothing where they print none.</summary>
    public static string Published(string? code) => code is null ? "" : $" (published as {code})";

    /// <summary>Writes what the rules protect but could not be read or written.</summary>
    public static void WriteFailed(TextWriter output, IReadOnlyList<FailedItem> failed)
    {
        if (failed.Count == 0)
        {
            return;
        }

        output.WriteLine($"  FAILED     {failed.Count:N0} that the rules protect");
        PathList.Write(output, [.. failed.Select(f => $"{f.Path}  {f.Reason}: {f.Message}{Published(f.Published)}")]);
    }
}
