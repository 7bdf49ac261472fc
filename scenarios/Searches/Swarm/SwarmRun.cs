using Harness.Engine.Errors;
using Harness.Scenarios.Searches.Oracles;
using Harness.Scenarios.Searches.PlantedBugs;
using Harness.Simulator.Faults;
using Harness.Simulator.Kernel;
using Harness.Simulator.Kernel.Schedules;
using Harness.Simulator.Processes;

namespace Harness.Scenarios.Searches.Swarm;

/// <summary>
/// Runs a case: its steps while things go wrong (safety), then everything is healed and each machine must commit a backup (liveness). The
/// oracle looks after each step that ran a job.
/// </summary>
internal sealed class SwarmRun
{
    /// <summary>The most faults of one case (FAULT_MODEL.md section 3).</summary>
    private const int FaultBudget = 30;

    /// <summary>The state is compared with one that is rebuilt in one case of so many: it costs two backups.</summary>
    private const int StatesChecked = 4;

    private readonly SwarmCase _case;
    private readonly SearchWorld _world;
    private readonly SwarmVerbs _verbs;
    private readonly FaultRecorder _faults;
    private readonly SortedDictionary<string, long> _events = new(StringComparer.Ordinal);

    private readonly PowerCutOracle _powerCuts;
    private readonly ProcessEvents _engine;
    private int _powerCutCount;

    private SwarmRun(SwarmCase swarmCase, PlantedBug? planted)
    {
        _case = swarmCase;
        _world = new SearchWorld(swarmCase.Seed, swarmCase.IsFifo ? new FifoSchedule() : null, machines: swarmCase.Machines)
        {
            Ports = planted?.Plant() ?? EnginePorts.AsTheyAre,
            OnOperation = NoteOperation,
        };
        _verbs = new SwarmVerbs(_world);
        _faults = new FaultRecorder(swarmCase.Faults is { } rules
            ? new FaultPlan(rules)
            : new DrawnFaults(swarmCase.Seed, swarmCase.FaultsPerMillion, FaultBudget, static (_, _) => true));
        _engine = new ProcessEvents(what => Count(what));
        _powerCuts = new PowerCutOracle(() => _faults.Fired.Any(rule => rule.Operation.StartsWith("scratch.", StringComparison.Ordinal)));
        foreach (var machine in _world.Machines)
        {
            MachineTracking.Begin(machine, swarmCase.Tracking);
        }
    }

    /// <summary>Runs it, with engines as they are.</summary>
    public static SwarmOutcome Of(SwarmCase swarmCase) => Of(swarmCase, planted: null);

    /// <summary>Runs it, with a planted bug, and beside a real service, which must do the same and hold the same in the end; null is neither.</summary>
    public static SwarmOutcome Of(SwarmCase swarmCase, PlantedBug? planted, IVaultTwin? twin = null)
    {
        var run = new SwarmRun(swarmCase, planted);
        run._world.Vault.Twin = twin;
        IReadOnlyList<string> problems;
        try
        {
            problems = run._world.Simulation.Run(run.LiveAsync);
        }
        catch (SimulationStoppedException error)
        {
            problems = [$"stopped {error.Reason}: {error.Message}"];
        }
        catch (Exception error) when (error is BackupException or InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
        {
            problems = [$"thrown {error.GetType().Name}: {error}"];
        }

        problems = [.. problems, .. twin?.Differences(run._world.Vault.Store) ?? []];
        return new SwarmOutcome(problems, run._world.Simulation.Trace.Value, run._faults.Fired, run._events);
    }

    private async Task<IReadOnlyList<string>> LiveAsync()
    {
        var choices = _world.Simulation.Stream("oracle");
        for (var i = 0; i < _case.Steps.Count; i++)
        {
            var problems = await StepAsync(_case.Steps[i]);
            if (problems.Count == 0 && _case.Steps[i] is RunStep)
            {
                var chosen = choices.Next();
                problems = [.. SearchOracle.Check(_world, point => IsRestored(point, chosen))];
            }

            if (problems.Count > 0)
            {
                return [.. problems.Select(problem => $"{problem} (after step {i + 1})")];
            }
        }

        return await LivenessAsync();
    }

    /// <summary>The latest of each source, and one in three of the others: all of them come at the end.</summary>
    private bool IsRestored(SearchPoint point, ulong chosen) =>
        point == _world.Points.Keys.Last(other => other.Source == point.Source) || (chosen + (ulong)point.Number) % 3 == 0;

    private async Task<List<string>> StepAsync(SwarmStep step)
    {
        switch (step)
        {
            case EditStep edit when MachineOf(edit.Machine) is { } machine:
                edit.Edit.Make(machine.Volume);
                return [];
            case LoseScratchStep loss when MachineOf(loss.Machine) is { } machine:
                _world.Ledger.NoteHurt();
                machine.LoseScratch();
                _powerCuts.NoteHurt(machine);
                return [];
            case PowerCutStep cut when MachineOf(cut.Machine) is { } machine:
                machine.Scratch.Files.Crash(cut.Loss, _world.Simulation.Stream($"power cut {++_powerCutCount}"));
                return [];
            case MendStep mend when MachineOf(mend.Machine) is { } machine:
                _world.Vault.Heal();
                machine.Heal();
                return [];
            case TrackStep track when MachineOf(track.Machine) is { } machine:
                machine.Track(track.IsOn);
                return [];
            case WaitStep wait:
                await _world.Simulation.DelayAsync(TimeSpan.FromHours(wait.Hours), CancellationToken.None);
                return [];
            case RunStep run:
                var problems = await Task.WhenAll(run.Jobs.Select(JobAsync));
                return [.. problems.OfType<string>()];
            default:
                return [];
        }
    }

    /// <summary>Runs a job in a process of its own; what it did that it must never do, or null.</summary>
    private async Task<string?> JobAsync(SwarmJob job)
    {
        if (MachineOf(job.Machine) is not { } machine)
        {
            return null;
        }

        if (job.Edit is { } edit)
        {
            await EditAsync(edit, job.Number!.Value, machine);
            return null;
        }

        if (job.AtSecond is { } second)
        {
            await _world.Simulation.DelayAsync(TimeSpan.FromSeconds(second), CancellationToken.None);
        }

        var process = _world.Start(_faults, job.KilledAfter, machine, job.CancelledAfter);
        try
        {
            var problem = await RunAsync(job, machine, process);
            Count($"{job.Verb} done");
            return problem;
        }
        catch (BackupException error)
        {
            // A clear refusal is what the engine owes here; an error of its own it does not.
            Count($"{job.Verb} {error.Code}");
            return error.Code == ErrorCode.InternalError ? $"internal error in {job.Verb}: {error.Message}" : null;
        }
        catch (OperationCanceledException) when (process.Cancellation.IsCancellationRequested)
        {
            Count($"{job.Verb} cancelled");
            return null;
        }
        catch (ProcessKilledException)
        {
            Count($"{job.Verb} killed");
            if (job.IsBackup)
            {
                // What a process has of its own goes with it; the scratch location of another one that lives does not.
                _world.Ledger.NoteHurt();
                _powerCuts.NoteHurt(machine);
                var scratch = job.Verb == "backup-elsewhere" ? machine.Elsewhere : machine.Scratch;
                scratch.Files.Crash(job.Loss, _world.Simulation.Stream($"crash {process.Operations} {job}"));
            }

            return null;
        }
        catch (Exception error) when (error is not SimulationStoppedException)
        {
            return $"thrown {error.GetType().Name} in {job.Verb}: {error}";
        }
    }

    /// <summary>A user changes something after so many steps of everybody else.</summary>
    private async Task EditAsync(SwarmEdit edit, long steps, SearchMachine machine)
    {
        for (var step = 0; step < steps; step++)
        {
            await _world.Simulation.YieldAsync();
        }

        edit.Make(machine.Volume);
        Count("edited meanwhile");
    }

    private async Task<string?> RunAsync(SwarmJob job, SearchMachine machine, SimProcess process)
    {
        switch (job.Verb)
        {
            case "backup" or "backup-elsewhere" or "backup-paced":
                _engine.NoteBackup(process);
                var way = new BackupWay(IsElsewhere: job.Verb == "backup-elsewhere", IsPaced: job.Verb == "backup-paced");
                var report = await _world.BackupAsync(process, machine, way);
                _engine.Note(report);
                return way.IsElsewhere ? null : _powerCuts.Problem(machine, report);
            case "check":
                await _world.CheckAsync(process);
                return null;
            case "forget":
                await _verbs.ForgetAsync(process, machine, job.Number!.Value);
                return null;
            case "undelete":
                await _verbs.UndeleteAsync(process, machine, job.Number!.Value);
                return null;
            case "retain":
                return await _verbs.RetainAsync(process, machine);
            case "repair":
                return await _verbs.RepairAsync(process);
            case "prune":
                var pruned = await _world.PruneAsync(process);
                Count("packs removed", pruned.RemovedPacks);
                Count("packs repacked", pruned.RepackedPacks);
                Count("points gone", pruned.RecoveryPointsGone);
                Count("prune waits for a session", pruned.WaitingFor.Count);
                return null;
            default:
                var point = new SearchPoint(machine.Name, job.Number!.Value);
                return !_world.Points.ContainsKey(point) ? null
                    : job.Verb == "restore-one" ? await _verbs.RestoreOneAsync(process, point)
                    : job.Verb == "restore-over" ? await _verbs.RestoreOverAsync(process, point)
                    : (await _world.DifferencesAsync(process, point)) is [var first, ..] ? $"wrong content: {first}"
                    : null;
        }
    }

    private async Task<IReadOnlyList<string>> LivenessAsync()
    {
        _world.Heal();
        foreach (var machine in _world.Machines)
        {
            if (await ProgressOracle.ProblemAsync(_world, machine) is { } stuck)
            {
                return [stuck];
            }
        }

        return SearchOracle.Check(_world) is { Count: > 0 } problems ? problems
            : _case.Seed % StatesChecked == 0 ? await RebuildOracle.CheckAsync(_world, _world.Machines[0]) : [];
    }

    private void NoteOperation(SimProcess process, string operation, string key) => _engine.Note(process, operation, key);

    private SearchMachine? MachineOf(string name) => _world.Machines.FirstOrDefault(machine => machine.Name == name);

    private void Count(string what, long times = 1) => _events[what] = _events.GetValueOrDefault(what) + times;
}
