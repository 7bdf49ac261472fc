using Harness.Engine.Errors;
using Harness.Scenarios.Searches.Oracles;
using Harness.Simulator.Faults;
using Harness.Simulator.Kernel;
using Harness.Simulator.Processes;
using Harness.Simulator.Scratch;

namespace Harness.Scenarios.Searches;

/// <summary>
/// One life of a world: edits and backups while things go wrong (safety), then everything is healed and the next backup must commit
/// (liveness). The oracle looks after each.
/// </summary>
/// <param name="history">What is edited between backups.</param>
/// <param name="seed">Seed of the world.</param>
internal sealed class SearchLife(SearchHistory history, ulong seed)
{
    /// <summary>What goes wrong; it goes on over all processes of the safety phase.</summary>
    public IFaultSource Faults { get; init; } = NoFaults.Instance;

    /// <summary>Which backup's process is killed, from 0, and after how many operations of it; null is none.</summary>
    public (int Backup, long Operations)? Kill { get; init; }

    /// <summary>What a crash does to what was not flushed.</summary>
    public CrashLoss Loss { get; init; }

    /// <summary>Whether the state in the scratch location is compared at the end with one that is rebuilt.</summary>
    public bool ChecksState { get; init; }

    /// <summary>Takes what happens; null is nobody.</summary>
    public SearchCoverage? Coverage { get; init; }

    /// <summary>Operations of the process of each backup.</summary>
    public IReadOnlyList<long> Operations => _operations;

    /// <summary>Of the process of each backup, the operations after which a crash loses nothing that was written.</summary>
    public IReadOnlyList<IReadOnlySet<long>> Durable => _durable;

    /// <summary>What the oracle knows from lives of the same history and seed.</summary>
    public KnownGood Known { get; init; } = new(isShared: true);
    /// <summary>Codes with which backups of the safety phase were refused, in order.</summary>
    public IReadOnlyList<string> Refusals => _refusals;

    /// <summary>Everything that happened, as one word.</summary>
    public ulong Trace { get; private set; }

    private readonly List<long> _operations = [];
    private readonly List<IReadOnlySet<long>> _durable = [];
    private readonly List<string> _refusals = [];

    /// <summary>Lives it; what did not hold, or empty.</summary>
    public IReadOnlyList<string> Run()
    {
        var events = new ProcessEvents(what => Coverage?.Add(what));
        var world = new SearchWorld(seed) { Known = Known, OnOperation = events.Note };
        try
        {
            var problems = world.Simulation.Run(() => LiveAsync(world, events));
            Trace = world.Simulation.Trace.Value;
            return problems;
        }
        catch (Exception error) when (error is SimulationStoppedException or BackupException or InvalidOperationException)
        {
            return [$"{error.GetType().Name}: {error.Message}"];
        }
    }

    private async Task<IReadOnlyList<string>> LiveAsync(SearchWorld world, ProcessEvents events)
    {
        for (var backup = 0; backup < history.Backups; backup++)
        {
            history.Edit(world.Machines[0].Volume, backup);
            await BackupAsync(world, backup, events);
            if (SearchOracle.Check(world) is { Count: > 0 } problems)
            {
                return [.. problems.Select(problem => $"after backup {backup}: {problem}")];
            }
        }

        return await LivenessAsync(world);
    }

    private async Task BackupAsync(SearchWorld world, int backup, ProcessEvents events)
    {
        var watch = new DurabilityWatch(Faults, world.Machines[0].Scratch.Files);
        var process = world.Start(watch, Kill is { } kill && kill.Backup == backup ? kill.Operations : null, world.Machines[0]);
        try
        {
            events.NoteBackup(process);
            events.Note(await world.BackupAsync(process, world.Machines[0]));
            Coverage?.Add("backup done");
        }
        catch (BackupException error) when (error.Code != ErrorCode.InternalError)
        {
            Coverage?.Add($"backup {error.Code}");

            // A clear refusal is what the engine owes here.
            _refusals.Add($"{error.Code}");
        }
        catch (ProcessKilledException)
        {
            world.Ledger.NoteHurt();
            Coverage?.Add("backup killed");
            world.Machines[0].Scratch.Files.Crash(Loss, world.Simulation.Stream($"crash {backup}"));
        }

        _operations.Add(process.Operations);
        _durable.Add(watch.Durable);
    }

    private async Task<IReadOnlyList<string>> LivenessAsync(SearchWorld world)
    {
        world.Heal();
        if (await ProgressOracle.ProblemAsync(world, world.Machines[0]) is { } stuck)
        {
            return [stuck];
        }

        return SearchOracle.Check(world) is { Count: > 0 } problems ? problems
            : ChecksState ? await RebuildOracle.CheckAsync(world, world.Machines[0]) : [];
    }
}
