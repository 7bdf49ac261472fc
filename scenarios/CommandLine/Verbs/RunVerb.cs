using System.CommandLine;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Runs scenarios.</summary>
internal sealed class RunVerb : Verb
{
    private readonly Argument<string[]> _ids = new("IDS")
    {
        Description = "Ids of scenarios or cells, leading parts of them, or patterns with * and ? (default: all but canaries).",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _filter = new("--filter")
    {
        Description = "Run what matches: words of ids, tag:x, clause:x, area:x, axis=value, joined by & and |, negated by !.",
        HelpName = "E",
    };

    private readonly Option<string[]> _vaults = new("--vault")
    {
        Description = "Vault to run on, such as simulated; may be given several times (default: memory and azurite).",
        HelpName = "V",
    };

    private readonly Option<string?> _source = new("--source")
    {
        Description = "Volumes: simulated (default), or ntfs for real ones through ntfs-3g from the same recipes (Linux, root); what those "
            + "cannot hold is skipped with the reason.",
        HelpName = "simulated|ntfs",
    };

    private readonly Option<long?> _seed = new("--seed")
    {
        Description = "Seed in place of the scenarios' own.",
        HelpName = "N",
        CustomParser = result => Numbers.Read(result, 0, long.MaxValue),
    };

    private readonly Option<string?> _shard = new("--shard")
    {
        Description = "Run the i-th of n equal parts, i from 1; auto/n takes i from the batch system (see --shard-index-from-env).",
        HelpName = "i/n",
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Directory for results.jsonl and the reports (default: out).",
        HelpName = "DIR",
    };

    private readonly Option<bool> _shardIndexFromEnv = new("--shard-index-from-env")
    {
        Description = "Take the part from the batch system: a Kubernetes Indexed Job, a Slurm array, Azure Pipelines, GitLab CI, Buildkite, or "
            + "HARNESS_SHARD_INDEX (from 1). --shard then gives the count only, as in --shard 8.",
    };

    private readonly Option<string?> _catalog = new("--catalog")
    {
        Description = "Directory of scenarios, or one file (default: the catalogue that is built in).",
        HelpName = "DIR",
    };

    private readonly Option<string?> _report = ReportOption.Create();

    private readonly Option<string?> _history = HistoryOption.Create();

    private readonly Option<string?> _rerunFailed = new("--rerun-failed")
    {
        Description = "Run only what failed in this results.jsonl.",
        HelpName = "F",
    };

    private readonly Option<long?> _maxFailures = new("--max-failures")
    {
        Description = "End the run after so many failures, with exit code 13; what was not reached is listed as not run.",
        HelpName = "N",
        CustomParser = result => Numbers.Read(result, 1, int.MaxValue),
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
        Add(_catalog);
        Add(_filter);
        Add(SharedOptions.Profile);
        Add(_vaults);
        _source.AcceptOnlyFromAmong("simulated", "ntfs");
        Add(_source);
        Add(_seed);
        Add(_shard);
        Add(_shardIndexFromEnv);
        Add(_out);
        Add(_report);
        Add(_history);
        Add(_rerunFailed);
        Add(_maxFailures);
        Add(_list);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var json = parse.GetValue(SharedOptions.Json);
        var defaults = new RunOptions();
        var options = new RunOptions
        {
            Catalog = parse.GetValue(_catalog),
            Ids = parse.GetValue(_ids) ?? [],
            Filter = parse.GetValue(_filter),
            Profile = parse.GetValue(SharedOptions.Profile),
            Vaults = parse.GetValue(_vaults) is { Length: > 0 } vaults ? vaults : defaults.Vaults,
            Source = parse.GetValue(_source) == "ntfs" ? SourceKind.Ntfs : SourceKind.Simulated,
            Seed = parse.GetValue(_seed),
            Shard = parse.GetValue(_shard),
            ShardIndexFromEnvironment = parse.GetValue(_shardIndexFromEnv),
            OutDirectory = parse.GetValue(_out) ?? defaults.OutDirectory,
            Reports = ReportOption.Read(parse, _report),
            History = parse.GetValue(_history),
            RerunFailed = parse.GetValue(_rerunFailed),
            MaxFailures = (int?)parse.GetValue(_maxFailures),
            List = parse.GetValue(_list),
            Json = json,
        };
        var asDocument = json && !options.List;
        var console = new RunConsole(asDocument ? Terminal.Error : Terminal.Out, Terminal.ErrorConsole, Terminal.IsErrorLive);
        await using var opener = VaultLease.CreateOpener(Terminal);
        var runner = new ScenarioRunner(name => new OpenerVaultProvider(name, opener), new CellRunner(options.Source));
        var exit = await runner.RunAsync(options, console, cancellationToken);
        if (asDocument)
        {
            DocumentContext.Write(Terminal.Out, RunDocument.Of(exit, options.OutDirectory), c => c.RunDocument);
        }

        return exit;
    }
}
