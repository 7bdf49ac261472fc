using System.CommandLine;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Runs scenarios.</summary>
internal sealed class RunVerb : Verb
{
    private readonly Argument<string[]> _ids = new("IDS")
    {
        Description = "Scenario ids or prefixes of them (default: all).",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _filter = new("--filter")
    {
        Description = "Run the scenarios whose id, title, tags or clause match this expression.",
        HelpName = "E",
    };

    private readonly Option<string[]> _vaults = new("--vault")
    {
        Description = "Vault to run on; may be given several times (default: memory and azurite).",
        HelpName = "V",
    };

    private readonly Option<long?> _seed = new("--seed")
    {
        Description = "Seed of all generated data (default: the catalogue's own).",
        HelpName = "N",
    };

    private readonly Option<string?> _shard = new("--shard")
    {
        Description = "Run the i-th of n equal parts, i from 0.",
        HelpName = "i/n",
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Directory for results.jsonl and the reports (default: out).",
        HelpName = "DIR",
    };

    private readonly Option<string?> _report = new("--report")
    {
        Description = "Reports to write, joined by commas: html, junit, md.",
        HelpName = "html,junit,md",
    };

    private readonly Option<string?> _rerunFailed = new("--rerun-failed")
    {
        Description = "Run only what failed in this results.jsonl.",
        HelpName = "F",
    };

    private readonly Option<bool> _list = new("--list")
    {
        Description = "List what would run, and run nothing.",
    };

    public RunVerb(Terminal terminal)
        : base(
            terminal,
            "run",
            "Run the scenarios that prove the rules: every file type, the local cache, the size limits, incremental cost. The last line is "
            + "'N passed, N failed, N skipped'; each failure ends in one line that reproduces it.",
            "harness run",
            "harness run --vault memory --filter hard-link",
            "harness run --list --json")
    {
        Add(_ids);
        Add(_filter);
        Add(SharedOptions.Profile);
        Add(_vaults);
        Add(_seed);
        Add(_shard);
        Add(_out);
        Add(_report);
        Add(_rerunFailed);
        Add(_list);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken) =>
        Task.FromResult(ExitCodes.NothingSelected);
}
