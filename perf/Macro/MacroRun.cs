using Harness.Engine.Backup;
using Harness.Engine.Check;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Local.Runtime;
using Harness.Engine.Local.Scratch;
using Harness.Engine.Local.Sources;
using Harness.Engine.Local.Targets;
using Harness.Engine.Local.Vaults;
using Harness.Engine.Ports;
using Harness.Engine.Restore;
using Harness.Engine.Rules;

namespace Harness.Perf.Macro;

/// <summary>The engine on a real tree and a directory vault: initial, unchanged, two kinds of edits, restore, check.</summary>
/// <param name="directory">Directory for everything; empty at first.</param>
/// <param name="tree">The tree to protect, in <see cref="SourceOf"/>.</param>
internal sealed class MacroRun(string directory, MacroTree tree)
{
    private static readonly Passphrase Passphrase = new("a passphrase for measuring");

    private readonly List<MacroStep> _steps = [];

    public static string SourceOf(string directory) => Path.Combine(directory, "source");

    public async Task<IReadOnlyList<MacroStep>> RunAsync(CancellationToken cancellationToken)
    {
        using var pool = new ThreadPoolWorkPool();
        var services = new EngineServices(TimeProvider.System, new SystemRandomSource(), pool, new NoProgress());
        await BackupAsync("initial", services, null, cancellationToken);
        await BackupAsync("unchanged", services, null, cancellationToken);
        await BackupAsync("scattered-pages", services, tree.OverwriteScatteredPages(), cancellationToken);
        await BackupAsync("append", services, tree.Append(), cancellationToken);
        await RestoreAsync(services, cancellationToken);
        await CheckAsync(services, cancellationToken);
        return _steps;
    }

    private DirectoryVault OpenVault() => DirectoryVault.Open(Path.Combine(directory, "vault"));

    private async Task BackupAsync(string name, EngineServices services, long? editedBytes, CancellationToken cancellationToken)
    {
        var (cost, report) = await ProcessCost.OfAsync(async () =>
        {
            await using var vault = OpenVault();
            using var scratch = new LocalScratch(Path.Combine(directory, "scratch"));
            return await new BackupJob(services).RunAsync(
                new BackupRequest
                {
                    Source = new LinuxDirectorySource(SourceOf(directory), services.Clock),
                    Vault = vault,
                    Scratch = scratch,
                    Profile = ProfileCatalog.Load(ProfileCatalog.DefaultId),
                    Passphrase = Passphrase,
                    SourceName = "macro",
                    AllowCaseSensitive = true,
                },
                cancellationToken);
        });
        _steps.Add(MacroStep.Of(name, cost, editedBytes, report));
    }

    private async Task RestoreAsync(EngineServices services, CancellationToken cancellationToken)
    {
        var (cost, report) = await ProcessCost.OfAsync(async () =>
        {
            await using var vault = OpenVault();
            using var target = new LocalRestoreTarget(Path.Combine(directory, "restored"));
            return await new RestoreJob(services).RunAsync(
                new RestoreRequest { Vault = vault, Passphrase = Passphrase, Target = target }, cancellationToken);
        });
        Invariant.Require(report.Failed.Count == 0);
        _steps.Add(new MacroStep
        {
            Step = "restore",
            Cost = cost,
            ReceivedBytes = report.ReceivedBytes,
            Requests = report.Requests,
        });
    }

    private async Task CheckAsync(EngineServices services, CancellationToken cancellationToken)
    {
        var (cost, report) = await ProcessCost.OfAsync(async () =>
        {
            await using var vault = OpenVault();
            return await new CheckJob(services).RunAsync(
                new CheckRequest { Vault = vault, Passphrase = Passphrase, ReadData = true }, cancellationToken);
        });
        Invariant.Require(report.Findings.Count == 0);
        _steps.Add(new MacroStep { Step = "check-read-data", Cost = cost, ReceivedBytes = report.ReceivedBytes });
    }
}
