using System.Diagnostics;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Restore;
using Harness.Scenarios.Model;
using Harness.Simulator.Compare;
using Harness.Simulator.Restore;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Running;

/// <summary>Runs one restore to an empty volume and compares it with the snapshot that the recovery point was made from.</summary>
internal sealed class RestoreRunner(CellWorld world, Judge judge)
{
    public async ValueTask<StepResult> RunAsync(
        SourceState source, RestoreStep step, string name, CancellationToken cancellationToken)
    {
        var point = step.RecoveryPoint is { } number
            ? source.Points.FirstOrDefault(p => p.Number == number)
            : source.Points.LastOrDefault();
        if (point is null && step.Refused is null)
        {
            judge.Require(holds: false, "recovery point", $"{step.RecoveryPoint?.ToString() ?? "a latest one"}", "there is none to restore");
            return new StepResult(name, "restore", CellState.Fail) { Outcome = "not run" };
        }

        var empty = new SimVolume(source.Volume.Settings with { IsReadOnly = false }, world.Clock);
        var before = world.Vault.Traffic;
        var watch = Stopwatch.StartNew();
        RestoreReport? report = null;
        BackupException? error = null;
        try
        {
            report = await new RestoreJob(world.Services).RunAsync(
                new RestoreRequest
                {
                    Vault = world.Vault,
                    Passphrase = new Passphrase(step.Passphrase ?? CellWorld.DefaultPassphrase),
                    Target = new SimRestoreTarget(empty, known: point?.Volume),
                    SourceName = source.Name,
                    RecoveryPoint = step.RecoveryPoint,
                },
                cancellationToken);
        }
        catch (BackupException caught) when (caught.Code is not ErrorCode.InternalError and not ErrorCode.Cancelled)
        {
            error = caught;
        }

        var duration = watch.Elapsed;
        var traffic = world.Vault.Traffic.Since(before);
        judge.Equal(
            "outcome",
            step.Refused is null ? "a report" : $"refused: {step.Refused}",
            error is null ? "a report" : $"refused: {error.Code}{(error.Code == step.Refused ? "" : $" ({error.Message})")}");
        if (report is not null && step.Refused is null)
        {
            Compare(point!, step, report, empty, source.IsReal);
            point!.IsRestored = true;
        }

        if (step.Budget is { } budget)
        {
            var names = new AmountNames(point?.Outcomes ?? []);
            judge.Within("received-bytes", budget.ReceivedBytes, traffic.ReceivedBytes, names.Lookup);
            judge.Within("sent-bytes", budget.SentBytes, traffic.SentBytes, names.Lookup);
            judge.Within("requests", budget.Requests, traffic.Requests, names.Lookup);
        }

        return new StepResult(name, "restore", judge.StepIsGood ? CellState.Pass : CellState.Fail)
        {
            SentBytes = traffic.SentBytes,
            ReceivedBytes = traffic.ReceivedBytes,
            Requests = traffic.Requests,
            ReadBytes = report?.WrittenBytes ?? 0,
            DurationMs = Math.Round(duration.TotalMilliseconds, 1),
            Budgets = judge.Budgets,
            Outcome = error is not null ? $"refused: {error.Code}" : $"#{report!.RecoveryPoint}, {report.Files} files",
        };
    }

    private void Compare(PointPicture point, RestoreStep step, RestoreReport report, SimVolume restored, bool isReal)
    {
        judge.Equal("recovery point restored", point.Number, report.RecoveryPoint);

        // Ciphertext of a real volume is whole again only on a real one, which the simulated target here is not and says so.
        IReadOnlyList<string> failed = isReal
            ? [.. step.Failed, .. point.Outcomes.Where(o => o.IsEntry && o.IsStored && o.Stream?.Flags.HasFlag(StreamFlags.Encrypted) == true).Select(o => o.Path)]
            : step.Failed;
        var comparison = new VolumeComparison
        {
            LeftOut = [.. point.LeftOut, .. failed],
            Times = !isReal,
            Security = !isReal,
            AllocatedRanges = !isReal,
            ExtendedMetadata = !isReal,
        };
        foreach (var mismatch in VolumeComparer.Compare(point.Volume, restored, comparison))
        {
            judge.Require(holds: false, $"restored {mismatch.Path}", "equal to the snapshot", mismatch.What);
        }

        // What was left out stays visible in every restore.
        judge.SameWords(
            "skipped in the restore's report",
            point.Outcomes.Where(o => o.Row.Skipped is not null).Select(o => o.Path),
            report.Skipped.Select(s => s.Path));
        judge.SameWords(
            "failed in the restore's report",
            point.Outcomes.Where(o => o.Row.Failed is not null).Select(o => o.Path).Concat(failed),
            report.Failed.Select(f => f.Path));
        judge.Equal(
            "files restored",
            point.Outcomes.LongCount(o => o.IsEntry && o.IsStored && !o.Entry.IsDirectory && !failed.Contains(o.Path)),
            report.Files);
    }
}
