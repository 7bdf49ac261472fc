using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Running;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Harness.Scenarios.Reports;

/// <summary>
/// Progress of a run on standard error: a live table of areas by vault for people, one line for each finished scenario and
/// each failure otherwise. Safe for concurrent calls.
/// </summary>
internal sealed class ProgressReport : IDisposable
{
    private readonly Lock _lock = new();
    private readonly RunConsole _console;
    private readonly IReadOnlyList<PlannedCell> _cells;
    private readonly Dictionary<string, int> _open;
    private readonly Dictionary<(string Area, string Vault), (int Done, int Failed)> _counts = [];
    private readonly SortedSet<string> _running = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _live;
    private int _finished;
    private int _failed;

    public ProgressReport(RunConsole console, IReadOnlyList<PlannedCell> cells)
    {
        _console = console;
        _cells = cells;
        _open = cells.GroupBy(cell => cell.Scenario.Id).ToDictionary(group => group.Key, group => group.Count());
        if (!console.IsLive)
        {
            console.Progress.WriteLine($"{Sizes.Count(cells.Count, "cell")} of {Sizes.Count(_open.Count, "scenario")}");
        }

        _live = console.IsLive && console.Progress.Profile.Capabilities.Interactive ? ShowAsync() : Task.CompletedTask;
    }

    public void Started(PlannedCell cell)
    {
        lock (_lock)
        {
            _running.Add(cell.Id);
        }
    }

    public void Finished(CellResult result)
    {
        lock (_lock)
        {
            _running.Remove(result.Id);
            _finished++;
            var failed = CellStates.IsFailure(result.State);
            _failed += failed ? 1 : 0;
            var key = (result.Scenario.Split('.')[0], result.Vault);
            var (done, bad) = _counts.GetValueOrDefault(key);
            _counts[key] = (done + 1, bad + (failed ? 1 : 0));
            var last = --_open[result.Scenario] == 0;
            if (_console.IsLive)
            {
                return;
            }

            if (failed)
            {
                _console.Progress.WriteLine($"{CellStates.Symbol(result.State)} {CellStates.Name(result.State)} {result.Id}: {result.Reason}");
            }

            if (last)
            {
                _console.Progress.WriteLine($"{_finished}/{_cells.Count} {result.Scenario} ({_failed} failed so far)");
            }
        }
    }

    public void Dispose()
    {
        _end.TrySetResult();
        _live.GetAwaiter().GetResult();
    }

    private Task ShowAsync() => Task.Run(() => _console.Progress.Live(Draw()).AutoClear(true).StartAsync(async context =>
    {
        while (!_end.Task.IsCompleted)
        {
            context.UpdateTarget(Draw());
            await Task.WhenAny(_end.Task, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }
    }));

    private Table Draw()
    {
        lock (_lock)
        {
            var vaults = _cells.Select(cell => cell.Vault).Distinct(StringComparer.Ordinal).ToList();
            var table = new Table().Border(TableBorder.Rounded).AddColumn("area");
            vaults.ForEach(vault => table.AddColumn(new TableColumn(Markup.Escape(vault)).RightAligned()));
            foreach (var area in _cells.GroupBy(cell => cell.Scenario.Area).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                table.AddRow([new Text(area.Key), .. vaults.Select(vault => CountOf(area.Key, vault, area.Count(c => c.Vault == vault)))]);
            }

            var now = _running.FirstOrDefault() ?? "";
            return table.Caption($"{_finished} of {_cells.Count}, {_failed} failed  {Markup.Escape(now)}");
        }
    }

    private IRenderable CountOf(string area, string vault, int total)
    {
        var (done, failed) = _counts.GetValueOrDefault((area, vault));
        return failed > 0 ? new Markup($"[red]✗ {failed} failed[/]  {done}/{total}")
            : done == total && total > 0 ? new Markup($"[green]✓[/] {done}/{total}")
            : new Text($"{done}/{total}");
    }
}
