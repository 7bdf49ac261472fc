using Harness.Engine.Backup;
using Harness.Engine.Check;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Prune;
using Harness.Engine.Restore;
using Harness.Engine.Retention;
using Harness.Engine.Rules;
using Harness.Simulator.Compare;
using Harness.Simulator.Content;
using Harness.Simulator.Kernel;
using Harness.Simulator.Restore;
using Harness.Simulator.Scratch;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Vaults;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches;

/// <summary>
/// A small vault with every kind of blob, the scratch location of its machine, and what each recovery point must give back. The volume has
/// been edited since the last backup, so that a scratch location that misleads makes the next one lose something. One thread.
/// </summary>
internal sealed class CorruptionWorld
{
    private static readonly RuleProfile Profile = ProfileCatalog.Load(ProfileCatalog.DefaultId);
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Dictionary<long, VolumeSnapshot> _points = [];
    private readonly List<SortedDictionary<string, byte[]>> _vaultStates = [];
    private readonly List<SortedDictionary<string, byte[]>> _scratchStates = [];
    private readonly SimClock _clock = new(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
    private readonly SimVolume _volume;
    private ulong _jobs;

    private CorruptionWorld() => _volume = new SimVolume(new VolumeSettings { Label = "data", Seed = 1 }, _clock);

    /// <summary>The vault as it is; put back before each case.</summary>
    public SortedDictionary<string, byte[]> Vault => _vaultStates[^1];

    /// <summary>The scratch location as it is.</summary>
    public SortedDictionary<string, byte[]> Scratch => _scratchStates[^1];

    /// <summary>The vault after each step, the oldest first.</summary>
    public IReadOnlyList<SortedDictionary<string, byte[]>> VaultStates => _vaultStates;

    /// <summary>The scratch location after each backup, the oldest first.</summary>
    public IReadOnlyList<SortedDictionary<string, byte[]>> ScratchStates => _scratchStates;

    /// <summary>Recovery points that can be restored.</summary>
    public IEnumerable<long> Points => _points.Keys.Order();

    /// <summary>Makes it.</summary>
    public static async Task<CorruptionWorld> MakeAsync()
    {
        var world = new CorruptionWorld();
        var store = new MemoryVaultStore();
        var scratch = new SimScratch(1L << 40);
        world._volume.CreateDirectories("docs");
        world._volume.CreateFile("docs/a.txt", 700, ContentProfile.Text, 1);
        world._volume.CreateFile("docs/b.bin", 9000, ContentProfile.Random, 2);
        world._volume.CreateFile("gone.bin", 500, ContentProfile.Random, 3);
        for (var i = 1; i <= 4; i++)
        {
            world._volume.Write("docs/b.bin", i * 100, new byte[] { 1, 2, (byte)i });
            world._volume.CreateFile($"new {i}", 300 + i, ContentProfile.Random, (ulong)i + 10);
            await world.BackupAsync(store, scratch);
            if (i == 1)
            {
                world._volume.Delete("gone.bin");
            }

            if (i == 2)
            {
                await world.ForgetAsync(store, 1);
                world._clock.Advance(TimeSpan.FromDays(20));
                await world.PruneAsync(store);
                await world.PruneAsync(store);
            }
        }

        await world.ForgetAsync(store, 3);
        world.Keep(store, scratch);
        foreach (var point in new long[] { 1, 3 })
        {
            world._points.Remove(point);
        }

        world._clock.Advance(TimeSpan.FromMinutes(1));
        world._volume.Write("docs/b.bin", 5000, new byte[] { 9, 9, 9 });
        world._volume.Write("docs/a.txt", 0, new byte[] { 8 });
        world._volume.CreateFile("newest", 100, ContentProfile.Random, 99);
        return world;
    }

    /// <summary>A vault in a state.</summary>
    public static MemoryVaultStore StoreOf(IReadOnlyDictionary<string, byte[]> state)
    {
        var store = new MemoryVaultStore();
        store.Restore(state);
        return store;
    }

    /// <summary>A scratch location in a state.</summary>
    public static async Task<SimScratch> ScratchOfAsync(IReadOnlyDictionary<string, byte[]> state)
    {
        var scratch = new SimScratch(1L << 40);
        foreach (var (name, content) in state)
        {
            await scratch.AppendAsync(name, content, None);
            await scratch.FlushAsync(name, None);
        }

        return scratch;
    }

    /// <summary>Backs the volume up as it is now; from then on the world knows what the point must give back.</summary>
    public async Task<long> BackupAsync(MemoryVaultStore store, SimScratch scratch)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        var report = await new BackupJob(Services()).RunAsync(
            new BackupRequest
            {
                Source = new SimDataSource(_volume),
                Vault = new MemoryVault(store),
                Scratch = scratch,
                Profile = Profile,
                Passphrase = Secret(),
                NewRepository = new RepositoryParameters { KdfIterations = 1, PackBytes = 64 << 10 },
            },
            None);
        _points[report.RecoveryPoint!.Value] = _volume.TakeSnapshot();
        Keep(store, scratch);
        return report.RecoveryPoint.Value;
    }

    /// <summary>Forgets the last state and point that a backup of a case has added.</summary>
    public void Forget(long point, int vaultStates, int scratchStates)
    {
        _points.Remove(point);
        _vaultStates.RemoveRange(vaultStates, _vaultStates.Count - vaultStates);
        _scratchStates.RemoveRange(scratchStates, _scratchStates.Count - scratchStates);
    }

    /// <summary>Restores a point: where it differs from its snapshot, and what the report says was lost.</summary>
    public async Task<(IReadOnlyList<VolumeMismatch> Differences, IReadOnlyList<string> Lost)> RestoreAsync(MemoryVaultStore store, long point)
    {
        var target = new SimVolume(_volume.Settings, _clock);
        var report = await new RestoreJob(Services()).RunAsync(
            new RestoreRequest { Vault = new MemoryVault(store), Passphrase = Secret(), Target = new SimRestoreTarget(target), RecoveryPoint = point }, None);
        var lost = report.Failed.Select(item => item.Path).ToList();
        return (VolumeComparer.Compare(_points[point], target, new VolumeComparison { LeftOut = lost }), lost);
    }

    /// <summary>Checks every byte.</summary>
    public async Task<CheckReport> CheckAsync(MemoryVaultStore store) => await new CheckJob(Services()).RunAsync(
        new CheckRequest { Vault = new MemoryVault(store), Passphrase = Secret(), ReadData = true }, None);

    private async Task ForgetAsync(MemoryVaultStore store, long point) => await new ForgetJob(Services()).RunAsync(
        new ForgetRequest { Vault = new MemoryVault(store), Passphrase = Secret(), Points = [point] }, None);

    private async Task PruneAsync(MemoryVaultStore store) =>
        await new PruneJob(Services()).RunAsync(new PruneRequest { Vault = new MemoryVault(store), Passphrase = Secret(), MaxUnusedPercent = 0 }, None);

    private void Keep(MemoryVaultStore store, SimScratch scratch)
    {
        _vaultStates.Add(store.Snapshot());
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in scratch.ListAsync(None).AsTask().Result)
        {
            var content = new byte[scratch.GetLengthAsync(name, None).AsTask().Result ?? 0];
            _ = scratch.ReadAsync(name, 0, content, None).AsTask().Result;
            files.Add(name, content);
        }

        _scratchStates.Add(files);
    }

    private static Passphrase Secret() => new("a passphrase of the searches");

    private EngineServices Services() => new(_clock, new SeededRandomSource(++_jobs), new InlineWorkPool(), new NoProgress());
}
