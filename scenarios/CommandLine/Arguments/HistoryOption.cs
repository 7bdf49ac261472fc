using System.CommandLine;

namespace Harness.Scenarios.CommandLine.Arguments;

/// <summary>The option that names the directory of earlier runs.</summary>
internal static class HistoryOption
{
    /// <summary>Makes it.</summary>
    public static Option<string?> Create() => new("--history")
    {
        Description = "Directory of earlier runs, one small file each: this run is added, and the page shows the last 30.",
        HelpName = "DIR",
    };
}
