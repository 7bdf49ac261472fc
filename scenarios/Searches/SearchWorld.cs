using Harness.Engine.Backup;
using Harness.Engine.Check;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Restore;
using Harness.Engine.Rules;
using Harness.Simulator.Compare;
using Harness.Simulator.Faults;
using Harness.Simulator.Kernel;
using Harness.Simulator.Kernel.Schedules;
using Harness.Simulator.Processes;
using Harness.Simulator.Restore;
using Harness.Simulator.Scratch;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Vaults;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches;

/// <summary>
/// A world in which an engine lives and dies: a volume, a vault, a scratch location and a clock, all from one seed. Processes come and go;
/// the world stays, and remembers what each recovery point must give back. One thread.
/// </summary>
internal sealed class SearchWorld
{
    private const string Secret = "a passphrase of the searches";
    private static readonly RuleProfile Profile = ProfileCatalog.Load(ProfileCatalog.DefaultId);
    private static readonly RepositoryParameters Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 };

    private readonly SortedDictionary<long, VolumeSnapshot> _points = [];
    private ulong _processes;

    public SearchWorld(ulong seed, ISchedule? schedule = null, SimulationLimits? limits = null)
    {
        Simulation = new Simulation(seed, schedule, limits, new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        Volume = new SimVolume(new VolumeSettings { Label = "data", Seed = seed }, Simulation.Clock);
    }

    public Simulation Simulation { get; }

    public SimVolume Volume { get; }

    public SimVaultService Vault { get; } = new(new MemoryVaultStore());

    public SimScratchDisk Scratch { get; } = new(new SimScratch(1L << 40));

    public SimSourceDisk SourceDisk { get; } = new();

    /// <summary>How the source tells what changed; null is not at all.</summary>
    public SimChangeTracking? ChangeTracking { get; set; }

    /// <summary>What each recovery point must give back, by number.</summary>
    public IReadOnlyDictionary<long, VolumeSnapshot> Points => _points;

    /// <summary>Starts a process.</summary>
    public SimProcess Start(IFaultSource faults, long? killAfter = null) => new(Simulation, faults) { KillAfter = killAfter };

    /// <summary>Ends every condition that faults have left.</summary>
    public void Heal()
    {
        Vault.Heal();
        Scratch.Heal();
        SourceDisk.Heal();
    }

    /// <summary>Runs a backup in a process. What became a recovery point is told by the vault, not by the engine.</summary>
    public async Task<BackupReport> BackupAsync(SimProcess process)
    {
        var before = Commits();
        var source = new NotedSource(new SimDataSource(Volume) { ChangeTracking = ChangeTracking });
        try
        {
            return await process.RunAsync(() => new BackupJob(Services(process)).RunAsync(
                new BackupRequest
                {
                    Source = new ProcessSource(process, source, SourceDisk),
                    Vault = new ProcessVault(process, Vault),
                    Scratch = new ProcessScratch(process, Scratch),
                    Profile = Profile,
                    Passphrase = new Passphrase(Secret),
                    NewRepository = Parameters,
                },
                CancellationToken.None).AsTask());
        }
        finally
        {
            foreach (var number in Commits().Except(before))
            {
                _points.Add(number, source.Last!);
            }
        }
    }

    /// <summary>Restores a recovery point in a process and says where it differs from what it was made of.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(SimProcess process, long point)
    {
        var target = new SimVolume(Volume.Settings, Simulation.Clock);
        var report = await process.RunAsync(() => new RestoreJob(Services(process)).RunAsync(
            new RestoreRequest
            {
                Vault = new ProcessVault(process, Vault),
                Passphrase = new Passphrase(Secret),
                Target = new SimRestoreTarget(target),
                RecoveryPoint = point,
            },
            CancellationToken.None).AsTask());
        var leftOut = report.Skipped.Select(item => item.Path).Concat(report.Failed.Select(item => item.Path)).ToList();
        return [.. VolumeComparer.Compare(_points[point], target, new VolumeComparison { LeftOut = leftOut })
            .Select(item => $"recovery point {point}: {item}")];
    }

    /// <summary>Checks the vault to the last byte in a process.</summary>
    public async Task<CheckReport> CheckAsync(SimProcess process) => await process.RunAsync(
        () => new CheckJob(Services(process)).RunAsync(
            new CheckRequest { Vault = new ProcessVault(process, Vault), Passphrase = new Passphrase(Secret), ReadData = true },
            CancellationToken.None).AsTask());

    /// <summary>Numbers of the commits in the vault, as their names tell.</summary>
    public IReadOnlySet<long> Commits() => Vault.Store.Names("commits/")
        .Select(name => long.Parse(name[(name.LastIndexOf('/') + 1)..], System.Globalization.CultureInfo.InvariantCulture))
        .ToHashSet();

    /// <summary>Each process has randomness of its own: two must never make the same salt.</summary>
    private EngineServices Services(SimProcess process) => new(
        Simulation.Clock,
        new SeededRandomSource(Simulator.Content.Mix.Of(Simulation.Seed, ++_processes)),
        new ProcessWorkPool(process),
        new NoProgress());
}
