using System.CommandLine;
using Harness.Perf.Engines;
using Harness.Perf.FileSystems;

namespace Harness.Perf;

/// <summary>The verb that measures what is ours beside what others made, both sides in one run.</summary>
internal static class CompareCommand
{
    public static Command Create() => new("compare", "Ours beside others, on the same data in the same run.")
    {
        EnginesCommand.Create(),
        FileSystemsCommand.Create(),
    };
}
