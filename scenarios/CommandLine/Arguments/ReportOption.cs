using System.CommandLine;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.CommandLine.Arguments;

/// <summary>--report: which reports are rendered beside results.jsonl.</summary>
internal static class ReportOption
{
    /// <summary>Makes the option of one verb.</summary>
    public static Option<string?> Create() => new("--report")
    {
        Description = "Reports beside results.jsonl, joined by commas (default: all four).",
        HelpName = "html,junit,ctrf,md",
    };

    /// <summary>The names, or those of a run that names none.</summary>
    public static IReadOnlyList<string> Read(ParseResult parse, Option<string?> option) =>
        parse.GetValue(option)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        ?? new RunOptions().Reports;
}
