using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Engine.Rules;
using Harness.Scenarios.Model;
using Harness.Scenarios.Yaml;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Running;

/// <summary>Runs one backup step and judges it.</summary>
internal sealed class BackupRunner(CellWorld world, ScenarioCell cell, Judge judge)
{
    /// <summary>Runs; says also whether the cell ends here because its row expects a refusal.</summary>
    public async ValueTask<(StepResult Result, bool RefusedByRow)> RunAsync(
        SourceState source, BackupStep step, bool dryRun, string name, CancellationToken cancellationToken)
    {
        var refusal = step.Refused ?? cell.Expect.Refused;
        var picture = source.Volume.TakeSnapshot();
        var outcomes = ExpectedOutcomes.Of(picture, [.. step.Paths, .. cell.Expect.Paths], refusal is not null, judge);
        var changed = ChangedBytes(source.Points.LastOrDefault(), picture, outcomes);
        var pointsBefore = await PointsAsync(step, cancellationToken);
        var before = world.Vault.Traffic;
        BackupReport? report = null;
        BackupException? error = null;
        try
        {
            report = await new BackupJob(world.Services).RunAsync(Request(source, step, dryRun), cancellationToken);
        }
        catch (BackupException caught) when (caught.Code is not ErrorCode.InternalError and not ErrorCode.Cancelled)
        {
            error = caught;
        }

        var traffic = world.Vault.Traffic.Since(before);
        judge.Equal("outcome", refusal is null ? "a report" : $"refused: {refusal}", error is null ? "a report" : $"refused: {error.Code}{Why(refusal, error)}");
        if (error is not null)
        {
            var clause = step.Clause ?? cell.Expect.Clause;
            judge.Require(clause is null || error.Clause == clause, "clause of the refusal", clause ?? "", error.Clause ?? "none", clause);
            judge.Published(step.Published ?? cell.Expect.Published, [PublishedCodes.Of(error.Code)]);
            await JudgeUntouchedAsync(pointsBefore, step, cancellationToken);
        }
        else if (refusal is null)
        {
            JudgeReport(report!, source, step, dryRun, outcomes, changed, traffic);
        }

        if (report?.RecoveryPoint is { } point && !dryRun)
        {
            source.Points.Add(new PointPicture(point, picture, outcomes));
        }

        var result = new StepResult(name, Kind(report, dryRun), judge.StepIsGood ? CellState.Pass : CellState.Fail)
        {
            SentBytes = traffic.SentBytes,
            ReceivedBytes = traffic.ReceivedBytes,
            Requests = traffic.Requests,
            ChangedBytes = report is null || dryRun ? 0 : changed,
            ScratchPeakBytes = source.Scratch!.PeakBytes,
            Outcome = error is not null ? $"refused: {error.Code}" : Describe(report!),
        };
        return (result, cell.Expect.Refused is not null);
    }

    private static string Why(ErrorCode? expected, BackupException error) => expected == error.Code ? "" : $" ({error.Message})";

    private static string Kind(BackupReport? report, bool dryRun) =>
        dryRun ? "preflight" : report is null ? "refused" : YamlNames.Of(report.Mode.ToString());

    private static string Describe(BackupReport report) =>
        $"{YamlNames.Of(report.Mode.ToString())}, {report.Protected.Files} files, {report.Skipped.Count} skipped, "
        + $"{report.Failed.Count} failed, {report.FullOnly.Count} full-only";

    private BackupRequest Request(SourceState source, BackupStep step, bool dryRun) => new()
    {
        Source = source.DataSource,
        Vault = world.Vault,
        Scratch = source.Scratch!.Port,
        Profile = world.Profile,
        Passphrase = new Passphrase(step.Passphrase ?? CellWorld.DefaultPassphrase),
        SourceName = source.Name,
        AllowCaseSensitive = step.AllowCaseSensitive,
        DryRun = dryRun,
        IsScheduled = step.Scheduled,
        System = step.System ?? ProtectedSystem.WindowsServer2012,
        NewRepository = world.NewRepository,
    };

    /// <summary>A refusal must leave every recovery point as it was; without one expected there is nothing to ask.</summary>
    private async ValueTask<string?> PointsAsync(BackupStep step, CancellationToken cancellationToken) =>
        step.Refused is null && cell.Expect.Refused is null
            ? null
            : string.Join(", ", (await world.ListPointsAsync(cancellationToken)).Select(p => $"{p.SourceName}#{p.RecoveryPoint}"));

    private async ValueTask JudgeUntouchedAsync(string? before, BackupStep step, CancellationToken cancellationToken)
    {
        if (before is not null)
        {
            judge.Equal("recovery points after the refusal", before, await PointsAsync(step, cancellationToken));
        }
    }

    private void JudgeReport(
        BackupReport report,
        SourceState source,
        BackupStep step,
        bool dryRun,
        IReadOnlyList<ExpectedOutcome> outcomes,
        long changed,
        VaultTraffic traffic)
    {
        ReportJudge.Compare(report, outcomes, judge);
        judge.Published(
            step.Published ?? cell.Expect.Published,
            [.. report.Fallbacks.Concat(report.Warnings).Select(note => note.Published), .. report.Failed.Select(item => item.Published)]);
        if (step.Alert is { } alert)
        {
            judge.Equal("alert", alert, report.Alert);
        }

        judge.SameWords("warnings", step.Warnings ?? cell.Expect.Warnings, report.Warnings.Select(w => w.Code));
        if (step.Fallbacks is { } fallbacks)
        {
            judge.SameWords("fallbacks", fallbacks, report.Fallbacks.Select(f => f.Code));
        }

        var mode = step.Mode ?? (source.Points.Count == 0 ? BackupMode.Full : BackupMode.Incremental);
        judge.Equal("mode", mode, report.Mode);
        judge.Equal<long?>("recovery point", dryRun ? null : (source.Points.LastOrDefault()?.Number ?? 0) + 1, report.RecoveryPoint);
        judge.Equal("profile in the report", world.Profile.Id, report.Profile);
        judge.Equal("sentBytes in the report", traffic.SentBytes, report.SentBytes);
        judge.Equal("requests in the report", traffic.Requests, report.Requests);
        if (dryRun)
        {
            judge.Equal("bytes stored by a dry run", 0, traffic.StoredBytes);
        }

        if (step.Budget is { } budget)
        {
            var names = new AmountNames(outcomes, changed);
            judge.Within("sent-bytes", budget.SentBytes, traffic.SentBytes, names.Lookup);
            judge.Within("received-bytes", budget.ReceivedBytes, traffic.ReceivedBytes, names.Lookup);
            judge.Within("requests", budget.Requests, traffic.Requests, names.Lookup);
            judge.Within("read-bytes", budget.ReadBytes, report.ReadBytes, names.Lookup);
            judge.Within("changed-bytes", budget.ChangedBytes, report.ChangedBytes, names.Lookup);
            judge.Within("scratch-peak-bytes", budget.ScratchPeakBytes, source.Scratch!.PeakBytes, names.Lookup);
        }
    }

    private static long ChangedBytes(PointPicture? previous, VolumeSnapshot now, IReadOnlyList<ExpectedOutcome> outcomes)
    {
        var before = previous?.Outcomes.Where(o => o.IsStored && o.Stream is not null)
            .ToDictionary(o => (o.Entry.Reference, o.Stream!.Name));
        var changed = 0L;
        foreach (var outcome in outcomes.Where(o => o.IsStored && o.Stream is not null))
        {
            var stream = outcome.Stream!;
            var old = before?.GetValueOrDefault((outcome.Entry.Reference, stream.Name));
            var bytes = ChangeMeter.ChangedBytes(
                old is null ? null : previous!.Volume, old?.Path, now, outcome.Path, stream.SizeBytes);
            var whole = outcome.IsFullOnly && (bytes > 0 || old?.Stream?.SizeBytes != stream.SizeBytes);
            changed += whole ? stream.SizeBytes : bytes;
        }

        return changed;
    }
}
