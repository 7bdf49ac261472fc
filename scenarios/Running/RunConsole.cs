using Spectre.Console;

namespace Harness.Scenarios.Running;

/// <summary>Where a run writes.</summary>
/// <param name="Out">Results and the last line.</param>
/// <param name="Progress">Progress and trouble.</param>
/// <param name="IsLive">Whether a person looks at the progress, so that it may redraw itself.</param>
public sealed record RunConsole(TextWriter Out, IAnsiConsole Progress, bool IsLive)
{
    /// <summary>The console of this process: results to stdout, progress to stderr, plain lines in CI or when redirected.</summary>
    public static RunConsole OfProcess()
    {
        var live = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("CI") is null or "";
        var progress = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            Ansi = live ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = live ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!live)
        {
            progress.Profile.Width = 4096;
        }

        return new RunConsole(Console.Out, progress, live);
    }
}
