using System.IO.Abstractions;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using Harness.Simulator.FileSystem.Entries;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Paths;

namespace Harness.Simulator.FileSystem.Directories;

/// <summary><see cref="IDirectory"/> on simulated volumes. Any thread.</summary>
public sealed partial class SimDirectory : IDirectory
{
    private readonly SimFileSystem _fileSystem;

    internal SimDirectory(SimFileSystem fileSystem) => _fileSystem = fileSystem;

    /// <inheritdoc/>
    public IFileSystem FileSystem => _fileSystem;

    /// <inheritdoc/>
    public IDirectoryInfo CreateDirectory(string path)
    {
        DirectoryCreation.Create(_fileSystem, Full(path));
        return new SimDirectoryInfo(_fileSystem, Full(path), path);
    }

    /// <inheritdoc/>
    [SupportedOSPlatform("windows")]
    public IDirectoryInfo CreateDirectory(string path, DirectorySecurity directorySecurity)
    {
        ArgumentNullException.ThrowIfNull(directorySecurity);
        AccessControl.RequireWindows();
        var created = CreateDirectory(path);
        AccessControl.Set(_fileSystem, created.FullName, directorySecurity.GetSecurityDescriptorBinaryForm());
        return created;
    }

    /// <inheritdoc/>
    public void Delete(string path) => Deleting.Directory(_fileSystem, Trimmed(path));

    /// <inheritdoc/>
    public void Delete(string path, bool recursive)
    {
        if (recursive)
        {
            Deleting.Tree(_fileSystem, Trimmed(path));
        }
        else
        {
            Delete(path);
        }
    }

    /// <inheritdoc/>
    public bool Exists(string? path) =>
        _fileSystem.TryFullPath(path, out var fullPath) && _fileSystem.DirectoryExists(fullPath);

    /// <inheritdoc/>
    public void Move(string sourceDirName, string destDirName) => Moving.Directory(
        _fileSystem,
        _fileSystem.FullPathOf(sourceDirName, nameof(sourceDirName)),
        _fileSystem.FullPathOf(destDirName, nameof(destDirName)));

    /// <inheritdoc/>
    public IDirectoryInfo? GetParent(string path) =>
        PathNames.Directory(Full(path)) is { } parent ? new SimDirectoryInfo(_fileSystem, parent) : null;

    /// <inheritdoc/>
    public string GetDirectoryRoot(string path) => PathNames.Root(Full(path))!;

    /// <inheritdoc/>
    public string[] GetLogicalDrives() => [.. _fileSystem.DriveRoots];

    /// <inheritdoc/>
    public string GetCurrentDirectory() => _fileSystem.CurrentDirectory;

    /// <inheritdoc/>
    public void SetCurrentDirectory(string path)
    {
        var fullPath = Full(path);
        _fileSystem.Run(fullPath, follow: true, found =>
        {
            found.RequireAsDirectory();
            if (!found.IsDirectory)
            {
                throw WindowsErrors.For(Win32Error.DirectoryName, fullPath);
            }
        });
        _fileSystem.CurrentDirectory = PathSyntax.TrimEndingSeparator(fullPath).ToString();
    }

    /// <inheritdoc/>
    public DateTime GetCreationTime(string path) => DateTime.FromFileTime(Times(path).Created);

    /// <inheritdoc/>
    public DateTime GetCreationTimeUtc(string path) => DateTime.FromFileTimeUtc(Times(path).Created);

    /// <inheritdoc/>
    public DateTime GetLastAccessTime(string path) => DateTime.FromFileTime(Times(path).Accessed);

    /// <inheritdoc/>
    public DateTime GetLastAccessTimeUtc(string path) => DateTime.FromFileTimeUtc(Times(path).Accessed);

    /// <inheritdoc/>
    public DateTime GetLastWriteTime(string path) => DateTime.FromFileTime(Times(path).Written);

    /// <inheritdoc/>
    public DateTime GetLastWriteTimeUtc(string path) => DateTime.FromFileTimeUtc(Times(path).Written);

    /// <inheritdoc/>
    public void SetCreationTime(string path, DateTime creationTime) =>
        Metadata.SetTimes(_fileSystem, Full(path), asDirectory: true, created: Metadata.Local(creationTime));

    /// <inheritdoc/>
    public void SetCreationTimeUtc(string path, DateTime creationTimeUtc) =>
        Metadata.SetTimes(_fileSystem, Full(path), asDirectory: true, created: Metadata.Utc(creationTimeUtc));

    /// <inheritdoc/>
    public void SetLastAccessTime(string path, DateTime lastAccessTime) =>
        Metadata.SetTimes(_fileSystem, Full(path), asDirectory: true, accessed: Metadata.Local(lastAccessTime));

    /// <inheritdoc/>
    public void SetLastAccessTimeUtc(string path, DateTime lastAccessTimeUtc) =>
        Metadata.SetTimes(_fileSystem, Full(path), asDirectory: true, accessed: Metadata.Utc(lastAccessTimeUtc));

    /// <inheritdoc/>
    public void SetLastWriteTime(string path, DateTime lastWriteTime) =>
        Metadata.SetTimes(_fileSystem, Full(path), asDirectory: true, written: Metadata.Local(lastWriteTime));

    /// <inheritdoc/>
    public void SetLastWriteTimeUtc(string path, DateTime lastWriteTimeUtc) =>
        Metadata.SetTimes(_fileSystem, Full(path), asDirectory: true, written: Metadata.Utc(lastWriteTimeUtc));

    /// <inheritdoc/>
    [SupportedOSPlatform("windows")]
    public DirectorySecurity GetAccessControl(string path) => GetAccessControl(path, AccessControl.Default);

    /// <inheritdoc/>
    [SupportedOSPlatform("windows")]
    public DirectorySecurity GetAccessControl(string path, AccessControlSections includeSections) =>
        AccessControl.Get(_fileSystem, Full(path), includeSections, new DirectorySecurity());

    /// <inheritdoc/>
    [SupportedOSPlatform("windows")]
    public void SetAccessControl(string path, DirectorySecurity directorySecurity)
    {
        ArgumentNullException.ThrowIfNull(directorySecurity);
        AccessControl.RequireWindows();
        AccessControl.Set(_fileSystem, Full(path), directorySecurity.GetSecurityDescriptorBinaryForm());
    }

    private string Full(string path) => _fileSystem.FullPathOf(path, nameof(path));

    private string Trimmed(string path) => PathSyntax.TrimEndingSeparator(Full(path)).ToString();

    private EntryState Times(string path) => Metadata.ReadTimes(_fileSystem, Full(path));
}
