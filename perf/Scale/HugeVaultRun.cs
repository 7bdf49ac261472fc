using Harness.Engine.Backup;
using Harness.Engine.Check;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Local.Scratch;
using Harness.Engine.Local.Vaults;
using Harness.Engine.Ports;
using Harness.Engine.Prune;
using Harness.Engine.Restore;
using Harness.Engine.Retention;
using Harness.Perf.Macro;
using Harness.Simulator.Scratch;

namespace Harness.Perf.Scale;

/// <summary>What a person does with the vault of the largest data source: restore it whole, check every byte, forget and prune.</summary>
/// <param name="directory">Directory with the vault, and for temporary tables.</param>
/// <param name="services">What jobs run on.</param>
/// <param name="passphrase">Opens the vault.</param>
internal sealed class HugeVaultRun(string directory, EngineServices services, Passphrase passphrase)
{
    /// <summary>Runs every step.</summary>
    /// <param name="leastBytes">What a restore must write at least.</param>
    /// <param name="cancellationToken">Ends it between two requests.</param>
    public async Task<IReadOnlyList<MacroStep>> RunAsync(long leastBytes, CancellationToken cancellationToken) =>
    [
        await StepAsync("restore, to nowhere", async (jobs, vault) =>
        {
            var target = new NullTarget();
            var report = await new RestoreJob(jobs).RunAsync(
                new RestoreRequest { Vault = vault, Passphrase = passphrase, Target = target }, cancellationToken);
            Invariant.Require(report.Failed.Count == 0 && target.WrittenBytes >= leastBytes);
        }),
        await StepAsync("check, all data", async (jobs, vault) =>
        {
            var report = await new CheckJob(jobs).RunAsync(
                new CheckRequest { Vault = vault, Passphrase = passphrase, ReadData = true }, cancellationToken);
            Invariant.Require(report.Findings.Count == 0);
        }),
        await StepAsync("forget the first, prune", async (jobs, vault) =>
        {
            await new ForgetJob(jobs).RunAsync(
                new ForgetRequest { Vault = vault, Passphrase = passphrase, Points = [1], ScratchOf = _ => null }, cancellationToken);
            await new PruneJob(jobs).RunAsync(new PruneRequest { Vault = vault, Passphrase = passphrase }, cancellationToken);
        }),
    ];

    private async Task<MacroStep> StepAsync(string step, Func<EngineServices, IVault, ValueTask> act)
    {
        await using var vault = DirectoryVault.Open(Path.Combine(directory, "vault"));
        using var location = new LocalScratch(Path.Combine(directory, "work"));
        var metered = new CountingScratch(location);
        var before = vault.Traffic;
        var (cost, _) = await ProcessCost.OfAsync(async () =>
        {
            await act(services with { WorkLocation = metered }, vault);
            return true;
        });
        var traffic = vault.Traffic.Since(before);
        return new MacroStep
        {
            Step = step,
            Cost = cost,
            SentBytes = traffic.SentBytes,
            StoredBytes = traffic.StoredBytes,
            ReceivedBytes = traffic.ReceivedBytes,
            Requests = traffic.Requests,
            ScratchPeakBytes = metered.AppendedBytes,
        };
    }
}
