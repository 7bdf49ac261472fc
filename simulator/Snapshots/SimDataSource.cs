using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Snapshots;

/// <summary>A simulated volume, or a folder of it, as a data source of the engine.</summary>
/// <param name="volume">The live volume.</param>
/// <param name="folder">Folder that is protected; "" is the whole volume.</param>
/// <param name="faults">What goes wrong; null is nothing.</param>
public sealed class SimDataSource(SimVolume volume, string folder = "", ISimVolumeFaults? faults = null) : IDataSource
{
    /// <summary>Consistency that its snapshots claim.</summary>
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
    public ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequirePresent();
        var reason = volume.IsOffline ? "the volume is offline"
            : volume.IsLocked ? "the volume is locked"
            : faults?.OnSnapshot();
        return reason is null
            ? ValueTask.FromResult<ISnapshot>(new SimSnapshot(volume.TakeSnapshot(), folder, Consistency, faults))
            : throw new BackupException(
                ErrorCode.SnapshotFailed, $"No snapshot of '{DefaultName}': {reason}.", "See the writers and the volume.");
    }

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
