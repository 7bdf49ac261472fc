using Harness.Engine.Backup;
using Harness.Engine.Check;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Prune;
using Harness.Engine.RecoveryPoints;
using Harness.Engine.Repair;
using Harness.Engine.Restore;
using Harness.Engine.Retention;
using Harness.Engine.Rules;
using Harness.Simulator.Compare;
using Harness.Simulator.Kernel;
using Harness.Simulator.Restore;
using Harness.Simulator.Scratch;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Vaults;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Support;

/// <summary>A simulated volume, an engine and a vault in memory: everything one thread, everything from one seed.</summary>
public sealed class EngineRig
{
    private static readonly RuleProfile DefaultProfile = ProfileCatalog.Load(ProfileCatalog.DefaultId);

    private readonly List<VolumeSnapshot> _snapshots = [];
    private readonly EngineServices _services;

    public EngineRig(
        ulong seed = 1, VolumeSettings? settings = null, IWorkPool? work = null, MemoryVaultStore? store = null)
    {
        Clock = new SimClock(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        Volume = new SimVolume(settings ?? new VolumeSettings { Label = "data" }, Clock);
        Store = store ?? new MemoryVaultStore();
        _services = new EngineServices(
            Clock, new SeededRandomSource(seed), work ?? new InlineWorkPool(), new NoProgress());
    }

    /// <summary>What every job of the rig runs on.</summary>
    public EngineServices Services => _services;

    public SimClock Clock { get; }

    public SimVolume Volume { get; }

    public SimVolumeFaults Faults { get; } = new();

    public SimScratch Scratch { get; set; } = new(1L << 40);

    public MemoryVaultStore Store { get; }

    /// <summary>Put around every vault that the rig opens; nothing by default.</summary>
    public Func<IVault, IVault> WrapVault { get; set; } = static vault => vault;

    /// <summary>Puts something around the next vault that the rig opens, and around that one alone.</summary>
    public void WrapNextVault(Func<IVault, IVault> wrap)
    {
        var then = WrapVault;
        WrapVault = vault =>
        {
            WrapVault = then;
            return wrap(then(vault));
        };
    }

    /// <summary>Counts the commits of a vault that is not the rig's own; null counts in <see cref="Store"/>.</summary>
    public Func<int>? CountCommits { get; set; }

    /// <summary>Put around the scratch location in each backup.</summary>
    public Func<IScratch, IScratch> WrapScratch { get; set; } = static scratch => scratch;

    /// <summary>Put around the source in each backup.</summary>
    public Func<IDataSource, IDataSource> WrapSource { get; set; } = static source => source;

    /// <summary>How the source tells what changed; null is not at all.</summary>
    public SimChangeTracking? ChangeTracking { get; set; }

    /// <summary>Folder of the volume that is protected; "" is all of it.</summary>
    public string Folder { get; set; } = "";

    public string Passphrase { get; set; } = "a passphrase of the tests";

    /// <summary>Whether lists remember in the scratch location what they have read.</summary>
    public bool RememberPoints { get; set; }

    /// <summary>The data source in a vault that has several; null is the only one.</summary>
    public string? SourceName { get; set; }

    public RepositoryParameters Parameters { get; set; } = new() { KdfIterations = 1, PackBytes = 256 << 10 };

    /// <summary>What each recovery point must give back, by number from 1.</summary>
    public IReadOnlyList<VolumeSnapshot> Snapshots => _snapshots;

    public async Task<BackupReport> BackupAsync(
        Func<BackupRequest, BackupRequest>? change = null, CancellationToken cancellationToken = default)
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        var request = Request();
        var snapshot = Volume.TakeSnapshot();
        var commits = CommitCount;
        try
        {
            return await new BackupJob(_services).RunAsync(change?.Invoke(request) ?? request, cancellationToken);
        }
        finally
        {
            // The vault tells, not the report: a commit whose acknowledgement was lost is a recovery point all the same.
            if (CommitCount > commits)
            {
                _snapshots.Add(snapshot);
            }

            Clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>A backup of the volume as the rig would run it.</summary>
    public BackupRequest Request() => new()
    {
        Source = WrapSource(new SimDataSource(Volume, Folder, Faults) { ChangeTracking = ChangeTracking }),
        Vault = OpenVault(),
        Scratch = WrapScratch(Scratch),
        Profile = DefaultProfile,
        Passphrase = new Passphrase(Passphrase),
        NewRepository = Parameters,
    };

    public async Task<(RestoreReport Report, SimVolume Volume)> RestoreAsync(
        long? point = null, Func<RestoreRequest, RestoreRequest>? change = null)
    {
        var target = new SimVolume(Volume.Settings, Clock);
        var request = new RestoreRequest
        {
            Vault = OpenVault(),
            Passphrase = new Passphrase(Passphrase),
            Target = new SimRestoreTarget(target),
            RecoveryPoint = point,
            SourceName = SourceName,
        };
        var report = await new RestoreJob(_services).RunAsync(change?.Invoke(request) ?? request, CancellationToken.None);
        return (report, target);
    }

    /// <summary>Restores a recovery point and says where it differs from the snapshot that it was made of.</summary>
    public async Task<IReadOnlyList<VolumeMismatch>> DifferencesAsync(long point)
    {
        var (report, restored) = await RestoreAsync(point);
        var leftOut = report.Skipped.Select(item => item.Path).Concat(report.Failed.Select(item => item.Path)).ToList();
        var differences = VolumeComparer.Compare(
            _snapshots[(int)point - 1], restored, new VolumeComparison { LeftOut = leftOut });

        // A folder whose listing failed is protected itself; what is in it is not.
        return [.. differences.Where(difference => !(report.Failed.Any(item => item.Path == difference.Path)
            && restored.Find(difference.Path) is { IsDirectory: true } && !restored.List(difference.Path).Any()))];
    }

    public async Task<CheckReport> CheckAsync(bool readData = true) =>
        await new CheckJob(_services).RunAsync(
            new CheckRequest { Vault = OpenVault(), Passphrase = new Passphrase(Passphrase), ReadData = readData },
            CancellationToken.None);

    public async Task<IReadOnlyList<RecoveryPointInfo>> RecoveryPointsAsync() => (await ListAsync()).Points;

    public async Task<RecoveryPointListing> ListAsync() =>
        await new RecoveryPointReader(_services).ListAsync(
            OpenVault(), new Passphrase(Passphrase), RememberPoints ? _ => Scratch : null, CancellationToken.None);

    public async Task<PruneReport> PruneAsync(int maxUnusedPercent = 20, string? breakSession = null) =>
        await new PruneJob(_services).RunAsync(
            new PruneRequest
            {
                Vault = OpenVault(),
                Passphrase = new Passphrase(Passphrase),
                MaxUnusedPercent = maxUnusedPercent,
                BreakSession = breakSession,
            },
            CancellationToken.None);

    public async Task<RepairReport> RepairAsync() =>
        await new RepairJob(_services).RunAsync(
            new RepairRequest { Vault = OpenVault(), Passphrase = new Passphrase(Passphrase), ReadData = true },
            CancellationToken.None);

    public async Task<ForgetReport> ForgetAsync(params long[] points) =>
        await new ForgetJob(_services).RunAsync(
            new ForgetRequest
            {
                Vault = OpenVault(),
                Passphrase = new Passphrase(Passphrase),
                Points = points,
                SourceName = SourceName,
                ScratchOf = RememberPoints ? _ => Scratch : null,
            },
            CancellationToken.None);

    public async Task UndeleteAsync(long point) =>
        await new UndeleteJob(_services).RunAsync(
            new UndeleteRequest(OpenVault(), new Passphrase(Passphrase), SourceName, point), CancellationToken.None);

    /// <summary>Asserts that every recovery point restores equal to its snapshot and that a full check is clean.</summary>
    public async Task AssertAllWellAsync(string context = "")
    {
        for (var point = 1; point <= _snapshots.Count; point++)
        {
            Assert.That(await DifferencesAsync(point), Is.Empty, $"{context} recovery point {point}");
        }

        if (Store.Names("repo").Count > 0)
        {
            Assert.That((await CheckAsync()).Findings, Is.Empty, context);
        }
    }

    private int CommitCount => CountCommits?.Invoke() ?? Store.Names("commits/").Count;

    private IVault OpenVault() => WrapVault(new MemoryVault(Store));
}
