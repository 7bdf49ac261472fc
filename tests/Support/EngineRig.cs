using Harness.Engine.Backup;
using Harness.Engine.Check;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.RecoveryPoints;
using Harness.Engine.Restore;
using Harness.Engine.Rules;
using Harness.Simulator.Compare;
using Harness.Simulator.Kernel;
using Harness.Simulator.Restore;
using Harness.Simulator.Scratch;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Vaults;
using Harness.Simulator.Volume;

namespace Harness.Tests.Support;

/// <summary>A simulated volume, an engine and a vault in memory: everything one thread, everything from one seed.</summary>
public sealed class EngineRig
{
    private readonly List<VolumeSnapshot> _snapshots = [];
    private readonly EngineServices _services;

    public EngineRig(ulong seed = 1, VolumeSettings? settings = null)
    {
        Clock = new SimClock(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        Volume = new SimVolume(settings ?? new VolumeSettings { Label = "data" }, Clock);
        _services = new EngineServices(Clock, new SeededRandomSource(seed), new InlineWorkPool(), new NoProgress());
    }

    public SimClock Clock { get; }

    public SimVolume Volume { get; }

    public SimVolumeFaults Faults { get; } = new();

    public SimScratch Scratch { get; set; } = new(1L << 40);

    public MemoryVaultStore Store { get; } = new();

    public string Passphrase { get; set; } = "a passphrase of the tests";

    public RepositoryParameters Parameters { get; set; } = new() { KdfIterations = 1, PackBytes = 256 << 10 };

    /// <summary>What each recovery point must give back, by number from 1.</summary>
    public IReadOnlyList<VolumeSnapshot> Snapshots => _snapshots;

    public async Task<BackupReport> BackupAsync(Func<BackupRequest, BackupRequest>? change = null)
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        var request = new BackupRequest
        {
            Source = new SimDataSource(Volume, "", Faults),
            Vault = new MemoryVault(Store),
            Scratch = Scratch,
            Profile = ProfileCatalog.Load(ProfileCatalog.DefaultId),
            Passphrase = new Passphrase(Passphrase),
            NewRepository = Parameters,
        };
        var snapshot = Volume.TakeSnapshot();
        var report = await new BackupJob(_services).RunAsync(change?.Invoke(request) ?? request, CancellationToken.None);
        if (report.RecoveryPoint is not null)
        {
            _snapshots.Add(snapshot);
        }

        Clock.Advance(TimeSpan.FromMinutes(1));
        return report;
    }

    public async Task<(RestoreReport Report, SimVolume Volume)> RestoreAsync(
        long? point = null, Func<RestoreRequest, RestoreRequest>? change = null)
    {
        var target = new SimVolume(Volume.Settings, Clock);
        var request = new RestoreRequest
        {
            Vault = new MemoryVault(Store),
            Passphrase = new Passphrase(Passphrase),
            Target = new SimRestoreTarget(target),
            RecoveryPoint = point,
        };
        var report = await new RestoreJob(_services).RunAsync(change?.Invoke(request) ?? request, CancellationToken.None);
        return (report, target);
    }

    /// <summary>Restores a recovery point and says where it differs from the snapshot that it was made of.</summary>
    public async Task<IReadOnlyList<VolumeMismatch>> DifferencesAsync(long point)
    {
        var (report, restored) = await RestoreAsync(point);
        var leftOut = report.Skipped.Select(item => item.Path).Concat(report.Failed.Select(item => item.Path)).ToList();
        return VolumeComparer.Compare(_snapshots[(int)point - 1], restored, new VolumeComparison { LeftOut = leftOut });
    }

    public async Task<CheckReport> CheckAsync(bool readData = true) =>
        await new CheckJob(_services).RunAsync(
            new CheckRequest { Vault = new MemoryVault(Store), Passphrase = new Passphrase(Passphrase), ReadData = readData },
            CancellationToken.None);

    public async Task<IReadOnlyList<RecoveryPointInfo>> RecoveryPointsAsync() =>
        await new RecoveryPointReader(_services).ListAsync(
            new MemoryVault(Store), new Passphrase(Passphrase), CancellationToken.None);
}
