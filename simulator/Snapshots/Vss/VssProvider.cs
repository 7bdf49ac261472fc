using Harness.Engine.Model;
using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Snapshots.Vss;

/// <summary>
/// A snapshot service like VSS: writers freeze, all volumes of a set are taken at one moment, writers thaw. Copy-on-write
/// space is limited per volume, and snapshots vanish when it is used up.
/// </summary>
/// <remarks>
/// Guarantees: the snapshots of a set show one moment; each costs O(1); a failing set leaves no snapshot behind and every
/// writer thawed or aborted. Shows these faults: writers that fail or hang at either step, commits that take too long, full
/// diff areas, too many snapshots. Leaves out: writer metadata and components; a diff area takes space
/// from its volume only where <see cref="VolumeSettings.ChargesInternalFiles"/> says so. Limits run on the clock that it is given. One thread, the volumes' own.
/// </remarks>
public sealed class VssProvider
{
    private readonly TimeProvider _clock;
    private readonly VssOptions _options;
    private readonly Dictionary<SimVolume, DiffArea> _areas = [];
    private readonly List<IVssWriter> _writers = [];
    private readonly SeededSequence _ids;
    private List<VssWriterStatus> _statuses = [];
    private bool _isBusy;

    /// <summary>Makes a service without volumes and writers.</summary>
    /// <param name="clock">Time of snapshots and limits.</param>
    /// <param name="options">Limits; null is those of Windows.</param>
    /// <param name="seed">Seed of the ids.</param>
    public VssProvider(TimeProvider clock, VssOptions? options = null, ulong seed = 1)
    {
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _options = options ?? new VssOptions();
        _ids = new SeededSequence(Mix.Of(seed, "vss"));
    }

    /// <summary>Writers as they came out of the last set.</summary>
    public IReadOnlyList<VssWriterStatus> Writers => _statuses;

    /// <summary>
    /// Takes a volume in, or gives it a diff area of another size, which may cost snapshots. A volume has one provider.
    /// </summary>
    /// <param name="volume">NTFS or ReFS, not a network or removable one.</param>
    /// <param name="maxDiffBytes">Most bytes of copied blocks; null is a tenth of the volume.</param>
    public void AddVolume(SimVolume volume, long? maxDiffBytes = null)
    {
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentOutOfRangeException.ThrowIfNegative(maxDiffBytes ?? 0, nameof(maxDiffBytes));
        var bytes = maxDiffBytes ?? volume.Settings.EffectiveCapacityBytes / 10;
        if (volume.Settings is not { FileSystem: FileSystemKind.Ntfs or FileSystemKind.Refs, Kind: VolumeKind.Fixed })
        {
            throw new VssException(
                VssError.VolumeNotSupported, $"'{volume.Settings.Label}' is not a fixed NTFS or ReFS volume.");
        }

        if (_areas.TryGetValue(volume, out var area))
        {
            area.Resize(bytes);
            return;
        }

        if (volume.Watcher is not null)
        {
            throw new VssException(VssError.BadState, $"'{volume.Settings.Label}' belongs to another provider.");
        }

        _areas.Add(volume, new DiffArea(volume, bytes));
    }

    /// <summary>Takes a writer in.</summary>
    public void AddWriter(IVssWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writers.Add(writer);
        _statuses = [.. _statuses, new VssWriterStatus(writer.Name, VssWriterState.Stable, VssError.None)];
    }

    /// <summary>Takes a snapshot of one volume.</summary>
    public ValueTask<VssSnapshotSet> CreateAsync(SimVolume volume, CancellationToken cancellationToken = default) =>
        CreateAsync([volume], cancellationToken);

    /// <summary>
    /// Takes a snapshot of each volume at one moment. Fails with <see cref="VssException"/> when a volume cannot be
    /// snapshotted, has too many or no room, a set is under way, or writes could not be held; a writer that fails or hangs
    /// only lowers the consistency.
    /// </summary>
    public async ValueTask<VssSnapshotSet> CreateAsync(
        IReadOnlyList<SimVolume> volumes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(volumes);
        Check(volumes);
        if (_isBusy)
        {
            throw new VssException(VssError.SnapshotSetInProgress, "Another snapshot set is being made.");
        }

        _isBusy = true;
        var run = new VssWriterRun(_writers, _options, _clock);
        try
        {
            await run.FreezeAsync(cancellationToken);
            await HoldAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            Check(volumes);
            var set = Commit(volumes);
            await run.ThawAsync();
            foreach (var snapshot in set)
            {
                snapshot.Consistency = run.Consistency;
            }

            return new VssSnapshotSet(set[0].SetId, set[0].CreatedAt, set, run.Statuses, run.Consistency);
        }
        finally
        {
            run.AbortFrozen();
            _statuses = [.. run.Statuses];
            _isBusy = false;
        }
    }

    /// <summary>Snapshots that exist, oldest first; of one volume or of all.</summary>
    public IReadOnlyList<VssSnapshot> List(SimVolume? volume = null) =>
        [.. _areas.Where(area => volume is null || area.Key == volume).SelectMany(area => area.Value.Snapshots)];

    /// <summary>Bytes of a volume's diff area in use.</summary>
    public long DiffAreaUsedBytes(SimVolume volume) => Area(volume).UsedBytes;

    /// <summary>Deletes a snapshot, also while it is read: its readers fail from now on.</summary>
    public void Delete(Guid id)
    {
        var snapshot = List().FirstOrDefault(snapshot => snapshot.Id == id)
            ?? throw new VssException(VssError.ObjectNotFound, $"There is no snapshot {id}.");
        Area(snapshot.Original).Remove(snapshot, "somebody deleted it");
    }

    private DiffArea Area(SimVolume volume) => _areas.GetValueOrDefault(volume)
        ?? throw new VssException(
            VssError.VolumeNotSupportedByProvider, $"'{volume.Settings.Label}' was not added to the provider.");

    private void Check(IReadOnlyList<SimVolume> volumes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(volumes.Count, nameof(volumes));
        foreach (var (at, volume) in volumes.Index())
        {
            var label = volume.Settings.Label;
            var area = Area(volume);
            var error = volumes.Take(at).Contains(volume) ? (VssError.ObjectAlreadyExists, $"'{label}' is in the set twice.")
                : volume.IsOffline || volume.IsLocked
                    ? (VssError.VolumeNotSupported, $"'{label}' is {(volume.IsOffline ? "offline" : "locked")}.")
                : area.Snapshots.Count >= _options.MaxSnapshotsPerVolume
                    ? (VssError.MaximumNumberOfSnapshotsReached, $"'{label}' has {area.Snapshots.Count} snapshots already.")
                : area.MaxBytes < CopiedBlocks.BlockBytes
                    ? (VssError.InsufficientStorage, $"The diff area of '{label}' does not hold one block.")
                : default((VssError, string)?);
            if (error is { } reason)
            {
                throw new VssException(reason.Item1, reason.Item2);
            }
        }
    }

    private async ValueTask HoldAsync(CancellationToken cancellationToken)
    {
        if (_options.OnHold is { } hold
            && !await TimeLimit.RunAsync(hold, _options.HoldLimit, _clock, cancellationToken))
        {
            throw new VssException(
                VssError.HoldWritesTimeout, $"Writes could not be held: the commit took more than {_options.HoldLimit}.");
        }
    }

    /// <summary>Without a break between the volumes, so that no change falls in between.</summary>
    private List<VssSnapshot> Commit(IReadOnlyList<SimVolume> volumes)
    {
        var setId = NewId();
        var createdAt = _clock.GetUtcNow();
        var set = new List<VssSnapshot>();
        foreach (var volume in volumes)
        {
            var snapshot = new VssSnapshot(NewId(), setId, volume, volume.TakeSnapshot(), createdAt);
            Area(volume).Add(snapshot);
            set.Add(snapshot);
        }

        return set;
    }

    private Guid NewId()
    {
        var bytes = new byte[16];
        ContentGenerator.Fill(ContentProfile.Random, _ids.Next(), 0, bytes);
        return new Guid(bytes);
    }
}
