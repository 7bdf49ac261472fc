using System.Globalization;
using Harness.Engine.Backup;
using Harness.Engine.Check;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Prune;
using Harness.Engine.Restore;
using Harness.Engine.Retention;
using Harness.Engine.Rules;
using Harness.Scenarios.Searches.PlantedBugs;
using Harness.Simulator.Compare;
using Harness.Simulator.Faults;
using Harness.Simulator.Kernel;
using Harness.Simulator.Kernel.Schedules;
using Harness.Simulator.Processes;
using Harness.Simulator.Restore;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Vaults;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches;

/// <summary>
/// A world in which engines live and die: machines with a volume and a scratch location each, one vault and one clock, all from one seed.
/// Processes come and go; the world stays, and remembers what each recovery point must give back. One thread.
/// </summary>
internal sealed class SearchWorld
{
    private const string CommitFolder = "commits/";
    private const string Secret = "a passphrase of the searches";
    private static readonly RuleProfile Profile = ProfileCatalog.Load(ProfileCatalog.DefaultId);
    private static readonly RepositoryParameters Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 };

    private readonly SortedDictionary<SearchPoint, VolumeSnapshot> _points = [];
    private readonly Dictionary<SimProcess, (SearchMachine Machine, NotedSource Source)> _backups = [];
    private readonly Dictionary<string, SearchPoint> _commits = new(StringComparer.Ordinal);
    private readonly HashSet<SimProcess> _committed = [];
    private readonly List<string> _twice = [];
    private ulong _processes;

    public SearchWorld(ulong seed, ISchedule? schedule = null, SimulationLimits? limits = null, int machines = 1)
    {
        Simulation = new Simulation(seed, schedule, limits, new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        Machines = [.. Enumerable.Range(0, machines).Select(number => new SearchMachine(
            $"{(char)('A' + number)}",
            new SimVolume(new VolumeSettings { Label = $"{(char)('A' + number)}", Seed = seed + (ulong)number }, Simulation.Clock)))];
    }

    public Simulation Simulation { get; }

    public IReadOnlyList<SearchMachine> Machines { get; }

    public SimVaultService Vault { get; } = new(new MemoryVaultStore());

    /// <summary>What stands between engines and their ports: nothing, or a planted bug.</summary>
    public EnginePorts Ports { get; init; } = EnginePorts.AsTheyAre;

    /// <summary>Told of each operation of any process, after its effect.</summary>
    public Action<SimProcess, string, string>? OnOperation { get; init; }

    /// <summary>Runs that made more than one recovery point.</summary>
    public IReadOnlyList<string> Twice => _twice;

    /// <summary>What each recovery point that was ever committed must give back.</summary>
    public IReadOnlyDictionary<SearchPoint, VolumeSnapshot> Points => _points;

    /// <summary>Recovery points that somebody has asked to forget: they may be there or not.</summary>
    public HashSet<SearchPoint> Forgotten { get; } = [];

    /// <summary>Starts a process.</summary>
    public SimProcess Start(IFaultSource faults, long? killAfter = null)
    {
        SimProcess? process = null;
        process = new SimProcess(Simulation, faults)
        {
            KillAfter = killAfter,
            OnOperation = (_, operation, key) =>
            {
                Note(process!, operation, key);
                OnOperation?.Invoke(process!, operation, key);
            },
        };
        return process;
    }

    /// <summary>Ends every condition that faults have left.</summary>
    public void Heal()
    {
        Vault.Heal();
        foreach (var machine in Machines)
        {
            machine.Heal();
        }
    }

    /// <summary>Runs a backup of a machine in a process, the only one of that process.</summary>
    public async Task<BackupReport> BackupAsync(SimProcess process, SearchMachine machine)
    {
        var source = new NotedSource(new SimDataSource(machine.Volume) { ChangeTracking = machine.ChangeTracking });
        _backups.Add(process, (machine, source));
        return await process.RunAsync(() => new BackupJob(Services(process)).RunAsync(
            new BackupRequest
            {
                Source = Ports.Source(new ProcessSource(process, source, machine.SourceDisk), machine),
                SourceName = machine.Name,
                Vault = Ports.BackupVault(new ProcessVault(process, Vault)),
                Scratch = Ports.Scratch(new ProcessScratch(process, machine.Scratch)),
                Profile = Profile,
                Passphrase = new Passphrase(Secret),
                NewRepository = Parameters,
            },
            CancellationToken.None).AsTask());
    }

    /// <summary>Forgets recovery points of a machine in a process.</summary>
    public async Task<ForgetReport> ForgetAsync(SimProcess process, SearchMachine machine, IReadOnlyList<long> numbers)
    {
        Forgotten.UnionWith(numbers.Select(number => new SearchPoint(machine.Name, number)));
        return await process.RunAsync(() => new ForgetJob(Services(process)).RunAsync(
            new ForgetRequest
            {
                Vault = new ProcessVault(process, Vault),
                Passphrase = new Passphrase(Secret),
                SourceName = machine.Name,
                Points = numbers,
            },
            CancellationToken.None).AsTask());
    }

    /// <summary>Prunes the vault in a process.</summary>
    public async Task<PruneReport> PruneAsync(SimProcess process) => await process.RunAsync(() => new PruneJob(Services(process)).RunAsync(
        new PruneRequest { Vault = Ports.PruneVault(new ProcessVault(process, Vault), Simulation.Clock), Passphrase = new Passphrase(Secret), MaxUnusedPercent = 0 },
        CancellationToken.None).AsTask());

    /// <summary>Restores a recovery point in a process and says where it differs from what it was made of.</summary>
    /// <param name="process">Where.</param>
    /// <param name="point">Which.</param>
    /// <param name="vault">The vault as it is reached; null for the world's own, with all that is wrong with it.</param>
    public async Task<IReadOnlyList<string>> DifferencesAsync(SimProcess process, SearchPoint point, SimVaultService? vault = null)
    {
        var machine = Machines.First(machine => machine.Name == point.Source);
        var target = new SimVolume(machine.Volume.Settings, Simulation.Clock);
        var report = await process.RunAsync(() => new RestoreJob(Services(process)).RunAsync(
            new RestoreRequest
            {
                Vault = new ProcessVault(process, vault ?? Vault),
                Passphrase = new Passphrase(Secret),
                Target = new SimRestoreTarget(target),
                SourceName = point.Source,
                RecoveryPoint = point.Number,
            },
            CancellationToken.None).AsTask());
        var leftOut = report.Skipped.Select(item => item.Path)
            .Concat(report.Failed.SelectMany(item => LeftOut(_points[point], target, item.Path)))
            .ToList();
        return [.. VolumeComparer.Compare(_points[point], target, new VolumeComparison { LeftOut = leftOut })
            .Where(item => !(machine.SourceDisk.ChangedPaths.Contains(item.Path) && item.What.StartsWith("change time", StringComparison.Ordinal)))
            .Select(item => $"recovery point {point}: {item}")];
    }

    /// <summary>What a failed path leaves out: itself, or what is in it where only the listing of a folder failed.</summary>
    private static IEnumerable<string> LeftOut(VolumeSnapshot expected, SimVolume target, string path) =>
        target.Find(path) is { IsDirectory: true }
            ? expected.List(path).Select(entry => entry.Path)
            : [path];

    /// <summary>Checks the vault to the last byte in a process.</summary>
    public async Task<CheckReport> CheckAsync(SimProcess process, SimVaultService? vault = null) => await process.RunAsync(
        () => new CheckJob(Services(process)).RunAsync(
            new CheckRequest { Vault = new ProcessVault(process, vault ?? Vault), Passphrase = new Passphrase(Secret), ReadData = true },
            CancellationToken.None).AsTask());

    /// <summary>The commits in the vault; one that no process of this world made has the name of its blob as its source.</summary>
    public IReadOnlySet<SearchPoint> Commits() => Vault.Store.Names(CommitFolder)
        .Select(name => _commits.TryGetValue(name, out var point) ? point : new SearchPoint(name, 0))
        .ToHashSet();

    /// <summary>Who made a commit is seen when it appears in the vault, whatever the answer to the process was.</summary>
    private void Note(SimProcess process, string operation, string key)
    {
        if (operation == "vault.create"
            && key.StartsWith(CommitFolder, StringComparison.Ordinal)
            && Vault.Store.Names(key).Count > 0
            && _backups.TryGetValue(process, out var backup)
            && !_commits.ContainsKey(key))
        {
            var point = new SearchPoint(backup.Machine.Name, long.Parse(key[(key.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture));
            _commits.Add(key, point);
            _points.Add(point, backup.Source.Last!);
            if (!_committed.Add(process))
            {
                _twice.Add($"twice: the run that made the recovery point before has made {point} as well");
            }
        }
    }

    /// <summary>Each process has randomness of its own: two must never make the same salt.</summary>
    private EngineServices Services(SimProcess process) => new(
        Simulation.Clock,
        new SeededRandomSource(Simulator.Content.Mix.Of(Simulation.Seed, ++_processes)),
        new ProcessWorkPool(process),
        new NoProgress());
}
