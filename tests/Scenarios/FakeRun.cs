using Harness.Engine.Ports;
using Harness.Scenarios.Running;
using Harness.Simulator.Vaults;
using Spectre.Console;

namespace Harness.Tests.Scenarios;

/// <summary>Runs scenarios with outcomes that the test chooses, to try the runner and the reports.</summary>
internal sealed class FakeRun : ICellExecutor, IVaultProvider, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("harness-test-");

    public string Catalog => Path.Combine(_directory.FullName, "catalog");

    public string Out => Path.Combine(_directory.FullName, "out");

    public StringWriter Output { get; } = new();

    public StringWriter Progress { get; } = new();

    /// <summary>What becomes of a cell; by default it passes.</summary>
    public Func<PlannedCell, CancellationToken, ValueTask<CellOutcome>> Outcome { get; set; } = (_, _) => ValueTask.FromResult(Pass);

    public static CellOutcome Pass { get; } = new() { Mismatches = [], Steps = [], Expected = "e", Actual = "a" };

    public static CellOutcome Fail { get; } = Pass with
    {
        Mismatches = [new Mismatch("1 backup", "a<b>|.txt\u0001", "protected: incremental", "skipped: hard-link", "file.hard-link")],
        Steps = [new StepResult("1 backup", "full", CellState.Fail) { SentBytes = 7, Requests = 2 }],
    };

    /// <summary>Writes a scenario of ten cells, <c>area.NAME[n=0..9]</c>.</summary>
    public void AddScenario(string name, string extra = "")
    {
        Directory.CreateDirectory(Catalog);
        File.WriteAllText(Path.Combine(Catalog, name + ".yaml"), $$"""
            {{TestCatalog.SchemaLine}}
            id: area.{{name}}
            title: Ten cells of {{name}}
            requirement: { clause: file.hard-link }
            tags: [ten, {{name}}]
            matrix: { n: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }
            volume: { entries: [{ path: a.txt, size: "${n}" }] }
            steps: [backup]
            expect: [{ paths: [{ path: "**", protected: incremental }] }]
            {{extra}}
            """);
    }

    public Task<int> RunAsync(RunOptions? options = null) =>
        new ScenarioRunner(_ => this, this).RunAsync(
            (options ?? new RunOptions { Vaults = ["memory"] }) with { Catalog = Catalog, OutDirectory = options is { OutDirectory: not "out" } o ? o.OutDirectory : Out },
            new RunConsole(Output, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Progress) }), IsLive: false));

    public IReadOnlyList<CellResult> Results => Harness.Scenarios.Reports.ResultsFile.Read(Path.Combine(Out, "results.jsonl"));

    public string ReadOut(string file) => File.ReadAllText(Path.Combine(Out, file));

    public string LastLine => Output.ToString().TrimEnd().Split('\n')[^1].TrimEnd();

    public ValueTask<CellOutcome> RunAsync(PlannedCell cell, IVault vault, long seed, CancellationToken cancellationToken) =>
        Outcome(cell, cancellationToken);

    public ValueTask StartAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IVault> OpenFreshAsync(string key, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IVault>(new MemoryVault());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Dispose() => _directory.Delete(recursive: true);
}
