using Harness.Engine.Errors;
using Harness.Scenarios.Model;
using Harness.Scenarios.Running.Ntfs;

namespace Harness.Scenarios.Running;

/// <summary>Runs the steps of one cell in order, then restores what is left to restore.</summary>
internal sealed class StepRunner(CellWorld world, ScenarioCell cell)
{
    private readonly Judge _judge = new();
    private readonly List<StepResult> _results = [];
    private bool _ended;

    public async ValueTask<CellOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var number = 0;
        if (world.Sources.Any(source => source.IsReal))
        {
            cell.Document.Steps.ToList().ForEach(RealSteps.Require);
        }

        foreach (var step in cell.Document.Steps)
        {
            if (_ended)
            {
                break;
            }

            world.Advance();
            number++;
            await RunStepAsync(step, number, cancellationToken);
        }

        if (!_ended)
        {
            await RestoreTheRestAsync(number, cancellationToken);
        }

        return new CellOutcome
        {
            Mismatches = _judge.Mismatches,
            Steps = _results,
            Expected = ExpectationText.Of(cell),
            Actual = ActualText(),
        };
    }

    private string ActualText()
    {
        if (_judge.Mismatches.Count > 0)
        {
            var shown = _judge.Mismatches.Take(5).Select(m => $"{m.What}: {m.Actual}");
            var more = _judge.Mismatches.Count > 5 ? $"; and {_judge.Mismatches.Count - 5} more" : "";
            return string.Join("; ", shown) + more;
        }

        return string.Join("; ", _results.Where(r => r.Outcome.Length > 0).Select(r => $"{r.Name}: {r.Outcome}"));
    }

    private async ValueTask RunStepAsync(StepDocument step, int number, CancellationToken cancellationToken)
    {
        if (step.Backup is { } backup)
        {
            await RunBackupAsync(backup, dryRun: false, number, cancellationToken);
        }
        else if (step.Preflight is { } preflight)
        {
            await RunBackupAsync(preflight, dryRun: true, number, cancellationToken);
        }
        else if (step.Restore is { } restore)
        {
            var source = world.Source(restore.Source);
            var name = Begin(number, "restore", restore.Source);
            _results.Add(await new RestoreRunner(world, _judge).RunAsync(source, restore, name, cancellationToken));
        }
        else if (step.Check is { } check)
        {
            var name = Begin(number, "check", source: null);
            _results.Add(await new CheckRunner(world, _judge).RunAsync(check, name, cancellationToken));
        }
        else if (step.RecoveryPoints is { } points)
        {
            var name = Begin(number, "recovery-points", points.Source);
            var found = (await world.ListPointsAsync(cancellationToken)).Count(p => points.Source is null || p.SourceName == points.Source);
            _judge.Equal("recovery points", points.Count, found);
            Add(name, "recovery-points", $"{found} recovery points");
        }
        else if (step.Damage is { } damage)
        {
            var name = Begin(number, "damage", source: null);
            Add(name, "damage", await VaultDamage.ApplyAsync(world.Vault, damage, cancellationToken));
        }
        else if (step.Forget is { } forget)
        {
            var name = Begin(number, "forget", forget.Source);
            _results.Add(await new ForgetRunner(world, _judge).RunAsync(forget, name, cancellationToken));
        }
        else if (step.DamageScratch is { } spoiled)
        {
            Begin(number, "damage-scratch", source: null);
            await SpoilScratchAsync(spoiled.Kind, cancellationToken);
        }
        else
        {
            ApplyToVolume(step, number);
        }
    }

    private void ApplyToVolume(StepDocument step, int number)
    {
        if (step.Edit is { } edit)
        {
            var name = Begin(number, "edit", source: null);
            world.Sources[0].Recipe.Apply(edit);
            Add(name, "edit", edit.Name ?? "");
        }
        else if (step.EditSource is { } other)
        {
            var name = Begin(number, "edit", other.Source);
            world.Source(other.Source).Recipe.Apply(other.Edit);
            Add(name, "edit", other.Edit.Name ?? "");
        }
        else if (step.Fault is { } fault)
        {
            Begin(number, "fault", fault.Source);
            world.Source(fault.Source).Faults.Fail(fault.Path, fault.Kind, fault.Operation);
        }
        else if (step.Vanish is { } vanish)
        {
            Begin(number, "vanish", vanish.Source);
            var faults = world.Source(vanish.Source).Faults;
            faults.Hook = call =>
            {
                var hit = call.Operation == vanish.Operation && Glob.MatchesPath(vanish.Path, call.Path);
                faults.IsSourceGone |= hit;
                return hit ? SourceFault.Vanished : null;
            };
        }
        else if (step.Heal is { } heal)
        {
            Begin(number, "heal", heal.Source);
            world.Source(heal.Source).Faults = new();
            world.Vault.Fault = null;
            world.Sources.ToList().ForEach(source => source.Scratch?.Port.Damage = null);
        }
        else if (step.LoseScratch is not null)
        {
            Begin(number, "lose-scratch", source: null);
            world.Sources.ToList().ForEach(source => source.Scratch?.Clear());
        }
        else if (step.VaultFault is { } refusing)
        {
            Begin(number, "vault-fault", source: null);
            world.Vault.Fault = refusing.Kind;
        }
        else if (step.Wait is { } wait)
        {
            Begin(number, "wait", source: null);
            world.Advance(TimeSpan.FromHours(wait.Hours));
        }
        else if (step.Scratch is { } scratch)
        {
            Begin(number, "scratch", source: null);
            world.Sources.ToList().ForEach(source => SetScratch(source, scratch));
        }
    }

    private void SetScratch(SourceState source, ScratchDocument document)
    {
        var outcomes = ExpectedOutcomes.Of(source.Volume, cell.Expect.Paths, cell.Expect.Refused is not null, new Judge());
        var bytes = document.Free.Evaluate(new AmountNames(outcomes).Lookup);
        if (source.Scratch is null)
        {
            source.Scratch = new CellScratch(document.On, bytes, world.Clock);
        }
        else
        {
            source.Scratch.SetFree(bytes);
        }

        source.Scratch.Port.FillsAtBytes = document.FillsAt?.Evaluate(new AmountNames(outcomes).Lookup);
    }

    private async ValueTask SpoilScratchAsync(ScratchDamage kind, CancellationToken cancellationToken)
    {
        foreach (var scratch in world.Sources.Select(source => source.Scratch).OfType<CellScratch>())
        {
            scratch.Port.Damage = kind == ScratchDamage.Always ? kind : null;
            if (kind == ScratchDamage.Once)
            {
                await scratch.Port.SpoilAsync(cancellationToken);
            }
        }
    }

    private async ValueTask RunBackupAsync(BackupStep step, bool dryRun, int number, CancellationToken cancellationToken)
    {
        var source = world.Source(step.Source);
        if (source.Scratch is null)
        {
            SetScratch(source, cell.Document.Scratch);
        }

        var name = Begin(number, dryRun ? "preflight" : "backup", step.Source);
        var runner = new BackupRunner(world, cell, _judge);
        var (result, refusedByRow) = await runner.RunAsync(source, step, dryRun, name, cancellationToken);
        _results.Add(result);
        _ended = refusedByRow;
    }

    private async ValueTask RestoreTheRestAsync(int number, CancellationToken cancellationToken)
    {
        foreach (var source in world.Sources)
        {
            IEnumerable<PointPicture> points = cell.Document.FinalRestore switch
            {
                FinalRestore.All => source.Points,
                FinalRestore.Latest => source.Points.TakeLast(1),
                _ => [],
            };
            foreach (var point in points.Where(point => !point.IsRestored).ToList())
            {
                world.Advance();
                var name = Begin(++number, $"restore #{point.Number}", world.Sources.Count > 1 ? source.Name : null);
                var step = new RestoreStep { RecoveryPoint = point.Number };
                _results.Add(await new RestoreRunner(world, _judge).RunAsync(source, step, name, cancellationToken));
            }
        }
    }

    private string Begin(int number, string kind, string? source)
    {
        var name = source is null ? $"{number} {kind}" : $"{number} {kind} {source}";
        _judge.Begin(name);
        world.Note(name);
        return name;
    }

    private void Add(string name, string kind, string outcome) =>
        _results.Add(new StepResult(name, kind, _judge.StepIsGood ? CellState.Pass : CellState.Fail) { Outcome = outcome });
}
