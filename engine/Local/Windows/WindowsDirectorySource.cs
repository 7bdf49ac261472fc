using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Engine.Local.Windows;

/// <summary>
/// A live directory of a Windows machine as a data source: attributes, reparse data, named streams with their own states,
/// allocated ranges, file references, four times, security. **Untested**: written against the documentation of the calls and
/// FSCTLs and compiled; no Windows machine has run it yet.
/// </summary>
/// <remarks>
/// No snapshot is taken (VSS is not used): consistency is Crash. Encrypted streams are read as what the user may decrypt, not
/// raw. PlatformUnsupported anywhere but on Windows.
/// </remarks>
public sealed class WindowsDirectorySource : IDataSource
{
    private readonly string _path;
    private readonly TimeProvider _clock;

    /// <summary>Creates the source; nothing is touched yet.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="clock">Tells when a snapshot was taken.</param>
    public WindowsDirectorySource(string path, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(clock);
        _path = Path.GetFullPath(path);
        _clock = clock;
    }

    /// <inheritdoc/>
    public string DefaultName => Path.GetFileName(Path.TrimEndingDirectorySeparator(_path)) is { Length: > 0 } name ? name : "root";

    /// <inheritdoc/>
    public ValueTask<VolumeInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Require();
        var drive = new DriveInfo(Path.GetPathRoot(_path)!);
        var isNtfs = drive.DriveFormat.Equals("NTFS", StringComparison.OrdinalIgnoreCase);
        return ValueTask.FromResult(new VolumeInfo
        {
            FileSystem = isNtfs ? FileSystemKind.Ntfs
                : drive.DriveFormat.Equals("ReFS", StringComparison.OrdinalIgnoreCase) ? FileSystemKind.Refs
                : drive.DriveFormat.Contains("FAT", StringComparison.OrdinalIgnoreCase) ? FileSystemKind.Fat
                : FileSystemKind.Other,
            FileSystemName = drive.DriveFormat,
            IsCaseSensitive = false,
            Kind = drive.DriveType switch
            {
                DriveType.Removable => VolumeKind.Removable,
                DriveType.Network => VolumeKind.Network,
                _ => VolumeKind.Fixed,
            },
            HasReliableChangeTime = isNtfs,
        });
    }

    /// <inheritdoc/>
    public ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Require();
        return OperatingSystem.IsWindows()
            ? ValueTask.FromResult<ISnapshot>(new WindowsSnapshot(_path, _clock.GetUtcNow()))
            : throw new InvalidOperationException();
    }

    private void Require()
    {
        if (!OperatingSystem.IsWindows())
        {
            throw new BackupException(
                ErrorCode.PlatformUnsupported,
                "WindowsDirectorySource works on Windows only.",
                "On Linux use LinuxDirectorySource; it reads NTFS through ntfs-3g.");
        }

        if (!Directory.Exists(_path))
        {
            throw new BackupException(
                ErrorCode.SourceNotFound, $"The source '{_path}' does not exist or is not a directory.", "Check the path.");
        }
    }
}
