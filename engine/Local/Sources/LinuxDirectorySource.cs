using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Engine.Local.Sources;

/// <summary>
/// A live directory of a Linux machine as a data source, NTFS volumes mounted with ntfs-3g or ntfs3 included.
/// </summary>
/// <remarks>
/// There is no true snapshot: what is read belongs to the moment it is read, and the consistency is
/// <see cref="ConsistencyLevel.Crash"/> ("For Linux virtual machines, only file-consistent backup is possible"; a directory
/// that is in use promises less). A file that changes while it is read is noticed and reported. Not carried: POSIX ACLs,
/// user extended attributes, capabilities.
/// </remarks>
public sealed class LinuxDirectorySource : IDataSource
{
    private readonly string _path;
    private readonly TimeProvider _clock;

    /// <summary>Creates the source; nothing is touched yet.</summary>
    /// <param name="path">The directory; a symbolic link to one is resolved when a snapshot is taken.</param>
    /// <param name="clock">Tells when a snapshot was taken; it must be the clock that stamps the files.</param>
    public LinuxDirectorySource(string path, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(clock);
        _path = Path.GetFullPath(path);
        _clock = clock;
    }

    /// <inheritdoc/>
    public string DefaultName
    {
        get
        {
            var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(_path));
            return name.Length == 0 ? "root" : name;
        }
    }

    /// <inheritdoc/>
    public ValueTask<VolumeInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var root = SourceRoot.Open(_path);
        return ValueTask.FromResult(VolumeProbe.Describe(root));
    }

    /// <inheritdoc/>
    public ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<ISnapshot>(new LinuxSnapshot(SourceRoot.Open(_path), _clock.GetUtcNow()));
    }
}
