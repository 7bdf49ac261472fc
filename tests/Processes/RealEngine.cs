using Harness.Engine.Backup;
using Harness.Engine.Check;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Local.Runtime;
using Harness.Engine.Local.Scratch;
using Harness.Engine.Local.Sources;
using Harness.Engine.Local.Targets;
using Harness.Engine.Local.Vaults;
using Harness.Engine.Ports;
using Harness.Engine.Prune;
using Harness.Engine.RecoveryPoints;
using Harness.Engine.Repair;
using Harness.Engine.Restore;
using Harness.Engine.Retention;
using Harness.Engine.Rules;
using Harness.Simulator.Kernel;
using Harness.Tests.Engine.Prune;

namespace Harness.Tests.Processes;

/// <summary>The engine bound to real disks below one directory, as the program binds it, with a word said before each call to them.</summary>
/// <param name="root">The directory: source, vault, scratch, work and restored are in it.</param>
/// <param name="onCall">Told before each call of the vault and of the scratch location; what it waits for, the call waits for.</param>
/// <param name="days">How many days after now it is for the engine.</param>
internal sealed class RealEngine(string root, Func<ValueTask>? onCall = null, int days = 0)
{
    /// <summary>Small, so that a small source has many.</summary>
    internal const int PackBytes = 256 << 10;

    private static readonly RuleProfile Profile = ProfileCatalog.Load(ProfileCatalog.DefaultId);
    private readonly Func<ValueTask> _onCall = onCall ?? (static () => default);

    internal const string Secret = CommandLine.WorkArea.Passphrase;

    /// <summary>Of the repository that the first backup makes.</summary>
    internal RepositoryParameters Parameters { get; init; } = new() { KdfIterations = 1, PackBytes = PackBytes };

    internal string Source => Path.Combine(root, "source");

    internal string Restored => Path.Combine(root, "restored");

    internal string VaultDirectory { get; init; } = Path.Combine(root, "vault");

    internal string ScratchDirectory { get; init; } = Path.Combine(root, "scratch");

    /// <summary>The same engine, with somebody told before each call.</summary>
    internal RealEngine Told(Action told) => new(root, () =>
    {
        lock (told)
        {
            told();
        }

        return default;
    })
    {
        VaultDirectory = VaultDirectory,
        ScratchDirectory = ScratchDirectory,
    };

    internal async Task<BackupReport> BackupAsync()
    {
        using var scratch = new LocalScratch(ScratchDirectory);
        return await new BackupJob(Services()).RunAsync(
            new BackupRequest
            {
                Source = new LinuxDirectorySource(Source, TimeProvider.System),
                Vault = OpenVault(),
                Scratch = new ToldScratch(scratch, _onCall),
                Profile = Profile,
                Passphrase = new Passphrase(Secret),
                NewRepository = Parameters,
                AllowCaseSensitive = true,
            },
            CancellationToken.None);
    }

    internal async Task<RestoreReport> RestoreAsync(long? point = null, CollisionPolicy? onCollision = null)
    {
        using var target = new LocalRestoreTarget(Restored);
        return await new RestoreJob(Services()).RunAsync(
            new RestoreRequest
            {
                Vault = OpenVault(),
                Passphrase = new Passphrase(Secret),
                Target = target,
                RecoveryPoint = point,
                OnCollision = onCollision,
            },
            CancellationToken.None);
    }

    internal async Task<ForgetReport> ForgetAsync(params long[] points) => await new ForgetJob(Services()).RunAsync(
        new ForgetRequest { Vault = OpenVault(), Passphrase = new Passphrase(Secret), Points = points }, CancellationToken.None);

    internal async Task<PruneReport> PruneAsync() => await new PruneJob(Services()).RunAsync(
        new PruneRequest { Vault = OpenVault(), Passphrase = new Passphrase(Secret), MaxUnusedPercent = 0 }, CancellationToken.None);

    internal async Task<RepairReport> RepairAsync() => await new RepairJob(Services()).RunAsync(
        new RepairRequest { Vault = OpenVault(), Passphrase = new Passphrase(Secret), ReadData = true }, CancellationToken.None);

    internal async Task<CheckReport> CheckAsync() => await new CheckJob(Services()).RunAsync(
        new CheckRequest { Vault = OpenVault(), Passphrase = new Passphrase(Secret), ReadData = true }, CancellationToken.None);

    /// <summary>The recovery points that are not forgotten; none where there is no repository yet.</summary>
    internal async Task<IReadOnlyList<long>> PointsAsync()
    {
        try
        {
            var listing = await new RecoveryPointReader(Services()).ListAsync(OpenVault(), new Passphrase(Secret), null, CancellationToken.None);
            return [.. listing.Points.Select(point => point.RecoveryPoint)];
        }
        catch (BackupException error) when (error.Code == ErrorCode.VaultEmpty)
        {
            return [];
        }
    }

    /// <summary>Bytes of the packs in the vault.</summary>
    internal long PackedBytes() => Directory.Exists(Path.Combine(VaultDirectory, "packs"))
        ? new DirectoryInfo(Path.Combine(VaultDirectory, "packs")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
        : 0;

    private IVault OpenVault() => new InterposingVault(DirectoryVault.Open(VaultDirectory), (int _) => _onCall());

    private EngineServices Services()
    {
        var clock = new SimClock(TimeProvider.System.GetUtcNow().AddDays(days));
        return new EngineServices(days == 0 ? TimeProvider.System : clock, new SystemRandomSource(), new ThreadPoolWorkPool(), new NoProgress())
        {
            WorkLocation = new LocalScratch(Path.Combine(root, "work")),
        };
    }
}
