using Spectre.Console;

namespace Harness.Scenarios.CommandLine.Output;

/// <summary>
/// Where a run writes: results to standard output, progress and trouble to standard error. Consoles with colours and
/// tables are made on first use, since they cost start-up time.
/// </summary>
internal sealed class Terminal
{
    /// <summary>Wide enough that no row of a redirected table is broken: one row, one line.</summary>
    private const int RedirectedWidth = 4096;

    private readonly Lazy<IAnsiConsole> _outConsole;
    private readonly Lazy<IAnsiConsole> _errorConsole;

    public Terminal(TextWriter output, TextWriter error, bool isOutLive, bool isErrorLive, bool canAsk)
    {
        Out = output;
        Error = error;
        IsOutLive = isOutLive;
        IsErrorLive = isErrorLive;
        CanAsk = canAsk;
        _outConsole = new(() => Create(output, isOutLive));
        _errorConsole = new(() => Create(error, isErrorLive));
    }

    /// <summary>Results.</summary>
    public TextWriter Out { get; }

    /// <summary>Progress and trouble.</summary>
    public TextWriter Error { get; }

    /// <summary>Standard output is a terminal that a person looks at.</summary>
    public bool IsOutLive { get; }

    /// <summary>Standard error is a terminal that a person looks at.</summary>
    public bool IsErrorLive { get; }

    /// <summary>A person can be asked.</summary>
    public bool CanAsk { get; }

    /// <summary>Tables to standard output.</summary>
    public IAnsiConsole OutConsole => _outConsole.Value;

    /// <summary>Live progress on standard error.</summary>
    public IAnsiConsole ErrorConsole => _errorConsole.Value;

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess()
    {
        var plain = Environment.GetEnvironmentVariable("CI") is { Length: > 0 }
            || Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new(
            Console.Out,
            Console.Error,
            isOutLive: !plain && !Console.IsOutputRedirected,
            isErrorLive: !plain && !Console.IsErrorRedirected,
            canAsk: !Console.IsInputRedirected && !Console.IsErrorRedirected);
    }

    private static IAnsiConsole Create(TextWriter writer, bool live)
    {
        // Detection honours NO_COLOR and TERM.
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = live ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = live ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = live ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!live)
        {
            console.Profile.Width = RedirectedWidth;
        }

        return console;
    }
}
