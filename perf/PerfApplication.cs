using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Perf.Counters;
using Harness.Perf.Keep;
using Harness.Perf.Limit;
using Harness.Perf.Lives;
using Harness.Perf.Macro;
using Harness.Perf.Micro;
using Harness.Perf.Scale;

namespace Harness.Perf;

/// <summary>The command line of perf: one verb for each way of measuring.</summary>
internal static class PerfApplication
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Measures the engine and the simulator. Counters gate, times are recorded (see perf/README.md).")
        {
            CompareCommand.Create(),
            CountersCommand.Create(),
            KeepCommand.Create(),
            LimitCommand.Create(),
            LivesCommand.Create(),
            MacroCommand.Create(),
            MicroCommand.Create(),
            ScaleCommand.Create(),
            HugeCommand.Create(),
        };
        var parsed = root.Parse(args);
        try
        {
            var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? ExitCodes.BadInput : code;
        }
        catch (BackupException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return ExitCodes.BadInput;
        }
    }
}
