using Harness.Engine.Model;

namespace Harness.Engine.Ports;

/// <summary>
/// A data source: one live volume or folder that is protected as a unit. Also its snapshot provider, since a snapshot is
/// always taken of one source. Called from one logical thread.
/// </summary>
public interface IDataSource
{
    /// <summary>The name under which its recovery points are kept unless the user gives another.</summary>
    string DefaultName { get; }

    /// <summary>Looks at the volume. Throws <see cref="Errors.BackupException"/> with SourceNotFound when it is not there.</summary>
    ValueTask<VolumeInfo> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes a snapshot. Everything read from it belongs to one moment, unless <see cref="ISnapshot.Consistency"/> is
    /// <see cref="ConsistencyLevel.Crash"/> on a source that has no snapshots. Throws SnapshotFailed.
    /// </summary>
    ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken);
}
