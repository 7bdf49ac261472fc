using System.IO.Abstractions;
using Harness.Engine.Model;
using Harness.Simulator.FileSystem.Directories;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Paths;

namespace Harness.Simulator.FileSystem.Drives;

/// <summary><see cref="IDriveInfo"/> on a simulated volume; every question is answered anew.</summary>
internal sealed class SimDriveInfo : IDriveInfo
{
    private const int MaxLabelUnits = 32;

    private readonly SimFileSystem _fileSystem;

    public SimDriveInfo(SimFileSystem fileSystem, string driveName)
    {
        _fileSystem = fileSystem;
        ArgumentNullException.ThrowIfNull(driveName);
        var root = driveName.Length == 1 ? driveName + ":" : PathNames.Root(driveName);
        if (string.IsNullOrEmpty(root) || root.Length is < 2 or > 3 || root[1] != ':' || !PathSyntax.IsDriveLetter(root[0]))
        {
            throw new ArgumentException(
                @"Drive name must be a root directory ('C:\') or a drive letter ('C').", nameof(driveName));
        }

        Name = root[..2] + "\\";
    }

    public IFileSystem FileSystem => _fileSystem;

    public string Name { get; }

    public IDirectoryInfo RootDirectory => new SimDirectoryInfo(_fileSystem, Name);

    public bool IsReady => Session is { } session && !session.Volume.IsOffline && !session.Volume.IsLocked;

    public DriveType DriveType => Session?.Volume.Settings.Kind switch
    {
        null => DriveType.NoRootDirectory,
        VolumeKind.Removable => DriveType.Removable,
        VolumeKind.Network => DriveType.Network,
        _ => DriveType.Fixed,
    };

    public string DriveFormat => Ask(session => session.Volume.Settings.FileSystemName
        ?? session.Volume.Settings.FileSystem switch
        {
            FileSystemKind.Ntfs => "NTFS",
            FileSystemKind.Refs => "ReFS",
            FileSystemKind.Fat => "FAT32",
            _ => "",
        });

    public long AvailableFreeSpace => Ask(session => session.Volume.Quotas.FreeBytesFor(session.Volume.Settings.UserSid));

    public long TotalFreeSpace => Ask(session => session.Volume.FreeBytes);

    public long TotalSize => Ask(session => session.Volume.Settings.EffectiveCapacityBytes);

    [System.Diagnostics.CodeAnalysis.AllowNull]
    public string VolumeLabel
    {
        get => Ask(session => session.Label ?? session.Volume.Settings.Label);
        set => Ask(session =>
        {
            if (value?.Length > MaxLabelUnits)
            {
                throw WindowsErrors.For(Win32Error.LabelTooLong, Name);
            }

            if (session.Volume.IsReadOnly)
            {
                throw WindowsErrors.For(Win32Error.WriteProtect, Name);
            }

            return session.Label = value ?? "";
        });
    }

    private VolumeSession? Session => _fileSystem.SessionOf(Name);

    public override string ToString() => Name;

    private T Ask<T>(Func<VolumeSession, T> question)
    {
        if (Session is not { } session)
        {
            throw new DriveNotFoundException(
                $"Could not find the drive '{Name}'. The drive might not be ready or might not be mapped.");
        }

        using var scope = session.Enter();
        return session.Volume.IsOffline ? throw WindowsErrors.For(Win32Error.NotReady, Name)
            : session.Volume.IsLocked ? throw WindowsErrors.For(Win32Error.LockedVolume, Name)
            : question(session);
    }
}

/// <summary>Makes <see cref="IDriveInfo"/>.</summary>
internal sealed class SimDriveInfoFactory(SimFileSystem fileSystem) : IDriveInfoFactory
{
    public IDriveInfo[] GetDrives() => [.. fileSystem.DriveRoots.Select(root => new SimDriveInfo(fileSystem, root))];

    public IDriveInfo FromDriveName(string driveName) => new SimDriveInfo(fileSystem, driveName);
}
