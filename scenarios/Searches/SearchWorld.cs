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
using Harness.Scenarios.Searches.Oracles;
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
        (Ledger, References) = (new RunLedger(Vault.Store), new ReferenceOracle(Vault.Store, Secret));
        Machines = [.. Enumerable.Range(0, machines).Select(number => NewMachine($"{(char)('A' + number)}", seed + (ulong)number))];
    }

    public Simulation Simulation { get; }

    public IReadOnlyList<SearchMachine> Machines { get; }

    public SimVaultService Vault { get; } = new(new MemoryVaultStore());

    /// <summary>What the oracle has found well.</summary>
    public KnownGood Known { get; init; } = new(isShared: false);

    /// <summary>What processes have sent and what their scratch locations held.</summary>
    public RunLedger Ledger { get; }

    /// <summary>Reads the vault without the engine.</summary>
    public ReferenceOracle References { get; }

    /// <summary>What stands between engines and their ports: nothing, or a planted bug.</summary>
    public EnginePorts Ports { get; init; } = EnginePorts.AsTheyAre;

    /// <summary>Told of each operation of any process, after its effect.</summary>
    public Action<SimProcess, string, string>? OnOperation { get; init; }

    /// <summary>Runs that made more than one recovery point.</summary>
    public IReadOnlyList<string> Twice => _twice;

    /// <summary>Opens the vault.</summary>
    public static Passphrase Passphrase => new(Secret);

    /// <summary>What each recovery point that was ever committed must give back.</summary>
    public IReadOnlyDictionary<SearchPoint, VolumeSnapshot> Points => _points;

    /// <summary>Recovery points that somebody has asked to forget: they may be there or not.</summary>
    public HashSet<SearchPoint> Forgotten { get; } = [];

    /// <summary>Starts a process on a machine; null is one on which nothing goes wrong.</summary>
    public SimProcess Start(IFaultSource faults, long? killAfter = null, SearchMachine? machine = null, long? cancelAfter = null)
    {
        SimProcess? process = null;
        process = new SimProcess(Simulation, faults)
        {
            KillAfter = killAfter,
            CancelAfter = cancelAfter,
            Host = machine?.Host,
            OnOperation = (_, operation, key) =>
            {
                Note(process!, operation, key);
                OnOperation?.Invoke(process!, operation, key);
            },
        };
        Ledger.Begin(process);
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
    public async Task<BackupReport> BackupAsync(SimProcess process, SearchMachine machine, BackupWay? way = null)
    {
        way ??= BackupWay.Plain;
        var scratch = way.IsElsewhere ? machine.Elsewhere : machine.Scratch;
        Ledger.BeginRun(process, machine, scratch.Files, Points.Keys.LastOrDefault(point => point.Source == machine.Name).Number);
        var source = new NotedSource(new SimDataSource(machine.Volume) { ChangeTracking = machine.ChangeTracking });
        _backups.Add(process, (machine, source));
        var report = await process.RunAsync(() => new BackupJob(Services(process)).RunAsync(
            new BackupRequest
            {
                Source = Ports.Source(new ProcessSource(process, source, machine.SourceDisk), machine),
                SourceName = machine.Name,
                Vault = Ports.BackupVault(way.Paced(new ProcessVault(process, Vault), process)),
                Scratch = Ports.Scratch(new ProcessScratch(process, scratch)),
                Profile = Profile,
                Passphrase = Passphrase,
                NewRepository = Parameters,
                ForceScan = way.LooksAtAll,
            },
            process.Cancellation).AsTask());
        Ledger.NoteReport(process, report.ScratchPeakBytes);
        return report;
    }

    /// <summary>Forgets recovery points of a machine in a process.</summary>
    public async Task<ForgetReport> ForgetAsync(SimProcess process, SearchMachine machine, IReadOnlyList<long> numbers)
    {
        Forgotten.UnionWith(numbers.Select(number => new SearchPoint(machine.Name, number)));
        return await process.RunAsync(() => new ForgetJob(Services(process)).RunAsync(
            new ForgetRequest
            {
                Vault = new ProcessVault(process, Vault),
                Passphrase = Passphrase,
                SourceName = machine.Name,
                Points = numbers,
            },
            process.Cancellation).AsTask());
    }

    /// <summary>Prunes the vault in a process.</summary>
    public async Task<PruneReport> PruneAsync(SimProcess process) => await process.RunAsync(() => new PruneJob(Services(process)).RunAsync(
        new PruneRequest { Vault = Ports.PruneVault(new ProcessVault(process, Vault), Simulation.Clock), Passphrase = Passphrase, MaxUnusedPercent = 0 },
        process.Cancellation).AsTask());

    /// <summary>Restores a recovery point in a process and says where it differs from what it was made of.</summary>
    /// <param name="process">Where.</param>
    /// <param name="point">Which.</param>
    /// <param name="vault">The vault as it is reached; null for the world's own, with all that is wrong with it.</param>
    public async Task<IReadOnlyList<string>> DifferencesAsync(SimProcess process, SearchPoint point, SimVaultService? vault = null)
    {
        var machine = Machines.First(machine => machine.Name == point.Source);
        var (report, target) = await RestoreAsync(process, point, vault);
        var leftOut = report.Skipped.Select(item => item.Path)
            .Concat(report.Failed.SelectMany(item => LeftOut(_points[point], target, item.Path)))
            .ToList();
        return [.. VolumeComparer.Compare(_points[point], target, new VolumeComparison { LeftOut = leftOut })
            .Where(item => !(machine.SourceDisk.ChangedPaths.Contains(item.Path) && item.What.StartsWith("change time", StringComparison.Ordinal)))
            .Select(item => $"recovery point {point}: {item}")];
    }

    /// <summary>Restores a recovery point in a process to a new volume.</summary>
    public async Task<(RestoreReport Report, SimVolume Target)> RestoreAsync(SimProcess process, SearchPoint point, SimVaultService? vault = null)
    {
        var target = new SimVolume(Machines.First(machine => machine.Name == point.Source).Volume.Settings, Simulation.Clock);
        var report = await process.RunAsync(() => new RestoreJob(Services(process)).RunAsync(
            new RestoreRequest
            {
                Vault = new ProcessVault(process, vault ?? Vault),
                Passphrase = Passphrase,
                Target = new SimRestoreTarget(target),
                SourceName = point.Source,
                RecoveryPoint = point.Number,
            },
            process.Cancellation).AsTask());
        return (report, target);
    }

    /// <summary>What a failed path leaves out: itself, or what is in it where only the listing of a folder failed.</summary>
    private static IEnumerable<string> LeftOut(VolumeSnapshot expected, SimVolume target, string path) =>
        target.Find(path) is { IsDirectory: true }
            ? expected.List(path).Select(entry => entry.Path)
            : [path];

    /// <summary>Checks the vault to the last byte in a process.</summary>
    public async Task<CheckReport> CheckAsync(SimProcess process, SimVaultService? vault = null) => await process.RunAsync(
        () => new CheckJob(Services(process)).RunAsync(
            new CheckRequest { Vault = new ProcessVault(process, vault ?? Vault), Passphrase = Passphrase, ReadData = true },
            process.Cancellation).AsTask());

    /// <summary>The commits in the vault; one that no process of this world made has the name of its blob as its source.</summary>
    public IReadOnlySet<SearchPoint> Commits() => Vault.Store.Names(CommitFolder)
        .Select(name => _commits.TryGetValue(name, out var point) ? point : new SearchPoint(name, 0))
        .ToHashSet();

    /// <summary>The blob of the commit of a recovery point that was ever committed.</summary>
    public string CommitOf(SearchPoint point) => _commits.First(item => item.Value == point).Key;

    /// <summary>Who made a commit is seen when it appears in the vault, whatever the answer to the process was.</summary>
    private void Note(SimProcess process, string operation, string key)
    {
        Ledger.Note(process, operation, key);
        if (operation == "vault.create"
            && key.StartsWith(CommitFolder, StringComparison.Ordinal)
            && Vault.Store.Names(key).Count > 0
            && _backups.TryGetValue(process, out var backup)
            && !_commits.ContainsKey(key))
        {
            var point = new SearchPoint(backup.Machine.Name, long.Parse(key[(key.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture));
            _commits.Add(key, point);
            _points.Add(point, backup.Source.Last!);
            Ledger.NoteCommit(process, point, WholeBefore(new SearchPoint(point.Source, Ledger.BaseOf(process))), backup.Source.Last!);
            if (!_committed.Add(process))
            {
                _twice.Add($"twice: the run that made the recovery point before has made {point} as well");
            }
        }
    }

    private SearchMachine NewMachine(string name, ulong seed)
    {
        var host = new SimHost(name, Simulation);
        return new SearchMachine(name, new SimVolume(new VolumeSettings { Label = name, Seed = seed }, host.Clock), host);
    }

    /// <summary>What a recovery point holds; null where there is none, or where it lacks a file that could not be read.</summary>
    private VolumeSnapshot? WholeBefore(SearchPoint before) =>
        _points.TryGetValue(before, out var volume) && References.IsWhole(CommitOf(before)) ? volume : null;

    /// <summary>Each process has randomness of its own: two must never make the same salt. One of another simulation only looks.</summary>
    public EngineServices Services(SimProcess process) => new(
        process.Clock,
        new SeededRandomSource(Simulator.Content.Mix.Of(Simulation.Seed, process.Simulation == Simulation ? ++_processes : 0)),
        new ProcessWorkPool(process),
        new NoProgress());
}
