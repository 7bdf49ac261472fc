using System.CommandLine;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>One verb: its options, its examples, and what it does. Building one must cost nothing: the work is in RunAsync.</summary>
internal abstract class Verb : Command
{
    protected Verb(Terminal terminal, string name, string description, params string[] examples)
        : base(name, description)
    {
        Terminal = terminal;
        Examples = examples;
        SetAction(RunAsync);
    }

    /// <summary>Command lines that can be pasted.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Where output goes.</summary>
    protected Terminal Terminal { get; }

    /// <summary>Does the work and returns an exit code.</summary>
    protected abstract Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken);
}
