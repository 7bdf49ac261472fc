using Harness.Engine.Ports;
using Spectre.Console;

namespace Harness.Scenarios.CommandLine.Output;

/// <summary>Shows progress while something runs: bars on a terminal, plain lines everywhere else.</summary>
internal static class ProgressDisplay
{
    /// <summary>Runs the work with a sink that fits the terminal.</summary>
    public static async Task<T> RunAsync<T>(Terminal terminal, Func<IProgressSink, Task<T>> work)
    {
        if (!terminal.IsErrorLive)
        {
            return await work(new PlainProgress(terminal.Error, TimeProvider.System));
        }

        return await terminal.ErrorConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                var sink = new LiveProgress(context);
                var result = await work(sink);
                sink.End();
                return result;
            });
    }
}
