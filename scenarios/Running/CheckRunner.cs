using Harness.Engine.Check;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Scenarios.Model;

namespace Harness.Scenarios.Running;

/// <summary>Runs one check of the vault.</summary>
internal sealed class CheckRunner(CellWorld world, Judge judge)
{
    public async ValueTask<StepResult> RunAsync(CheckStep step, string name, CancellationToken cancellationToken)
    {
        var before = world.Vault.Traffic;
        CheckReport? report = null;
        BackupException? error = null;
        try
        {
            report = await new CheckJob(world.Services).RunAsync(
                new CheckRequest { Vault = world.Vault, Passphrase = new Passphrase(CellWorld.DefaultPassphrase), ReadData = step.ReadData },
                cancellationToken);
        }
        catch (BackupException caught) when (caught.Code is not ErrorCode.InternalError and not ErrorCode.Cancelled)
        {
            error = caught;
        }

        judge.Equal(
            "outcome",
            step.Refused is null ? "a report" : $"refused: {step.Refused}",
            error is null ? "a report" : $"refused: {error.Code}{(error.Code == step.Refused ? "" : $" ({error.Message})")}");
        if (report is not null)
        {
            judge.SameWords("findings", step.Findings, report.Findings.Select(f => f.Code));
            judge.Equal("recovery points checked", world.Sources.Sum(s => s.Points.Count), report.RecoveryPoints);
        }

        var traffic = world.Vault.Traffic.Since(before);
        return new StepResult(name, "check", judge.StepIsGood ? CellState.Pass : CellState.Fail)
        {
            SentBytes = traffic.SentBytes,
            ReceivedBytes = traffic.ReceivedBytes,
            Requests = traffic.Requests,
            Outcome = error is not null ? $"refused: {error.Code}" : $"{report!.Packs} packs, {report.Findings.Count} findings",
        };
    }
}
