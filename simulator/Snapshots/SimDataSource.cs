using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Snapshots.Vss;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Snapshots;

/// <summary>A simulated volume, or a folder of it, as a data source of the engine.</summary>
/// <param name="volume">The live volume.</param>
/// <param name="folder">Folder that is protected; "" is the whole volume.</param>
/// <param name="faults">What goes wrong; null is nothing.</param>
public sealed class SimDataSource(SimVolume volume, string folder = "", ISimVolumeFaults? faults = null) : IDataSource
{
    /// <summary>
    /// Who makes the snapshots, with its writers, limits and diff areas; it knows the volume. Null is no such thing: a snapshot
    /// always succeeds, claims <see cref="Consistency"/> and never vanishes.
    /// </summary>
    public VssProvider? Vss { get; init; }

    /// <summary>
    /// Reads the live volume in place of a snapshot, as a program does that cannot make one: the listing is that of the
    /// moment, and what other handles hold or have locked fails as Locked. Without provider only. While it is read nobody may
    /// open, close or change anything on the volume directly.
    /// </summary>
    public bool ReadsLive { get; init; }

    /// <summary>How it tells what changed since an earlier snapshot; null is not at all. A live volume never does.</summary>
    public SimChangeTracking? ChangeTracking { get; init; }

    /// <summary>Consistency that snapshots claim that no provider made.</summary>
    public ConsistencyLevel Consistency { get; init; } = ConsistencyLevel.Application;

    /// <inheritdoc/>
    public string DefaultName { get; init; } =
        folder.Length == 0 ? volume.Settings.Label : $"{volume.Settings.Label}/{folder}";

    /// <inheritdoc/>
    public ValueTask<VolumeInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequirePresent();
        var settings = volume.Settings;
        return ValueTask.FromResult(new VolumeInfo
        {
            FileSystem = settings.FileSystem,
            FileSystemName = settings.FileSystemName ?? DefaultFileSystemName(settings.FileSystem),
            IsCaseSensitive = settings.CaseSensitive,
            CaseEvidence = settings.CaseSensitive ? "the simulated volume is set up so" : "",
            Kind = settings.Kind,
            IsReadOnly = volume.IsReadOnly,
            IsOffline = volume.IsOffline,
            IsLocked = volume.IsLocked,
            ClusterBytes = settings.ClusterBytes,
            HasReliableChangeTime = true,
            ChangeTimeGranularity = TimeSpan.FromTicks(1),
        });
    }

    /// <inheritdoc/>
    public async ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequirePresent();
        var reason = volume.IsOffline ? "the volume is offline"
            : volume.IsLocked ? "the volume is locked"
            : faults?.OnSnapshot();
        return reason is not null ? throw Failed($"{reason}.")
            : ReadsLive ? new SimSnapshot(volume.TakeSnapshot(), folder, ConsistencyLevel.Crash, faults) { Live = volume }
            : Tracked(Vss is null
                ? new SimSnapshot(volume.TakeSnapshot(), folder, Consistency, faults)
                : await CreateShadowAsync(Vss, cancellationToken));
    }

    private SimSnapshot Tracked(SimSnapshot snapshot)
    {
        snapshot.Track(ChangeTracking);
        return snapshot;
    }

    private async ValueTask<SimSnapshot> CreateShadowAsync(VssProvider provider, CancellationToken cancellationToken)
    {
        try
        {
            var set = await provider.CreateAsync(volume, cancellationToken);
            return new SimSnapshot(provider, set.Snapshots[0], folder, faults);
        }
        catch (VssException error)
        {
            throw Failed($"{error.Message} (0x{error.HResult:X8})", error);
        }
    }

    private BackupException Failed(string reason, Exception? inner = null) => new(
        ErrorCode.SnapshotFailed,
        $"No snapshot of '{DefaultName}': {reason}",
        "See the writers and the volume.",
        inner: inner);

    private static string DefaultFileSystemName(FileSystemKind kind) => kind switch
    {
        FileSystemKind.Ntfs => "NTFS (simulated)",
        FileSystemKind.Refs => "ReFS (simulated)",
        FileSystemKind.Fat => "FAT (simulated)",
        _ => "simulated",
    };

    private void RequirePresent()
    {
        if (faults is { IsSourceGone: true } || volume.Find(folder) is not { IsDirectory: true })
        {
            throw new BackupException(
                ErrorCode.SourceNotFound, $"The data source '{DefaultName}' is not there.", "Check the volume and the folder.");
        }
    }
}
