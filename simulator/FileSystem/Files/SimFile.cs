using System.IO.Abstractions;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using Harness.Simulator.FileSystem.Entries;
using Harness.Simulator.FileSystem.Paths;

namespace Harness.Simulator.FileSystem.Files;

/// <summary><see cref="IFile"/> on simulated volumes. Any thread.</summary>
public sealed partial class SimFile : IFile
{
    private readonly SimFileSystem _fileSystem;

    internal SimFile(SimFileSystem fileSystem) => _fileSystem = fileSystem;

    /// <inheritdoc/>
    public IFileSystem FileSystem => _fileSystem;

    /// <inheritdoc/>
    public void Copy(string sourceFileName, string destFileName) => Copy(sourceFileName, destFileName, overwrite: false);

    /// <inheritdoc/>
    public void Copy(string sourceFileName, string destFileName, bool overwrite)
    {
        PathArguments.Require(sourceFileName, nameof(sourceFileName));
        PathArguments.Require(destFileName, nameof(destFileName));
        Copying.File(_fileSystem, Full(sourceFileName), Full(destFileName), overwrite);
    }

    /// <inheritdoc/>
    public void Move(string sourceFileName, string destFileName) => Move(sourceFileName, destFileName, overwrite: false);

    /// <inheritdoc/>
    public void Move(string sourceFileName, string destFileName, bool overwrite)
    {
        PathArguments.Require(sourceFileName, nameof(sourceFileName));
        PathArguments.Require(destFileName, nameof(destFileName));
        Moving.File(_fileSystem, Full(sourceFileName), Full(destFileName), overwrite);
    }

    /// <inheritdoc/>
    public void Replace(string sourceFileName, string destinationFileName, string? destinationBackupFileName) =>
        Replace(sourceFileName, destinationFileName, destinationBackupFileName, ignoreMetadataErrors: false);

    /// <inheritdoc/>
    public void Replace(
        string sourceFileName, string destinationFileName, string? destinationBackupFileName, bool ignoreMetadataErrors)
    {
        ArgumentNullException.ThrowIfNull(sourceFileName);
        ArgumentNullException.ThrowIfNull(destinationFileName);
        Moving.Replace(
            _fileSystem,
            Full(sourceFileName),
            Full(destinationFileName),
            destinationBackupFileName is null ? null : Full(destinationBackupFileName),
            ignoreMetadataErrors);
    }

    /// <inheritdoc/>
    public void Delete(string path) => Deleting.File(_fileSystem, Full(path));

    /// <inheritdoc/>
    public bool Exists(string? path) =>
        _fileSystem.TryFullPath(path, out var fullPath) && _fileSystem.FileExists(fullPath);

    /// <inheritdoc/>
    [SupportedOSPlatform("windows")]
    public void Encrypt(string path) => Metadata.SetEncrypted(_fileSystem, Full(path), encrypted: true);

    /// <inheritdoc/>
    [SupportedOSPlatform("windows")]
    public void Decrypt(string path) => Metadata.SetEncrypted(_fileSystem, Full(path), encrypted: false);

    /// <inheritdoc/>
    public FileAttributes GetAttributes(string path)
    {
        var fullPath = Full(path);
        var state = Metadata.Read(_fileSystem, fullPath);
        return state.Exists ? state.Attributes : throw SimFileSystem.Failure(state.Error, fullPath);
    }

    /// <inheritdoc/>
    public void SetAttributes(string path, FileAttributes fileAttributes) =>
        Metadata.SetAttributes(_fileSystem, Full(path), fileAttributes);

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
        Metadata.SetTimes(_fileSystem, Full(path), asDirectory: false, created: Metadata.Local(creationTime));

    /// <inheritdoc/>
    public void SetCreationTimeUtc(string path, DateTime creationTimeUtc) =>
        Metadata.SetTimes(_fileSystem, Full(path), asDirectory: false, created: Metadata.Utc(creationTimeUtc));

    /// <inheritdoc/>
    public void SetLastAccessTime(string path, DateTime lastAccessTime) =>
        Metadata.SetTimes(_fileSystem, Full(path), asDirectory: false, accessed: Metadata.Local(lastAccessTime));

    /// <inheritdoc/>
    public void SetLastAccessTimeUtc(string path, DateTime lastAccessTimeUtc) =>
        Metadata.SetTimes(_fileSystem, Full(path), asDirectory: false, accessed: Metadata.Utc(lastAccessTimeUtc));

    /// <inheritdoc/>
    public void SetLastWriteTime(string path, DateTime lastWriteTime) =>
        Metadata.SetTimes(_fileSystem, Full(path), asDirectory: false, written: Metadata.Local(lastWriteTime));

    /// <inheritdoc/>
    public void SetLastWriteTimeUtc(string path, DateTime lastWriteTimeUtc) =>
        Metadata.SetTimes(_fileSystem, Full(path), asDirectory: false, written: Metadata.Utc(lastWriteTimeUtc));

    /// <inheritdoc/>
    [SupportedOSPlatform("windows")]
    public FileSecurity GetAccessControl(string path) => GetAccessControl(path, AccessControl.Default);

    /// <inheritdoc/>
    [SupportedOSPlatform("windows")]
    public FileSecurity GetAccessControl(string path, AccessControlSections includeSections) =>
        AccessControl.Get(_fileSystem, Full(path), includeSections, new FileSecurity());

    /// <inheritdoc/>
    [SupportedOSPlatform("windows")]
    public void SetAccessControl(string path, FileSecurity fileSecurity)
    {
        ArgumentNullException.ThrowIfNull(fileSecurity);
        AccessControl.RequireWindows();
        AccessControl.Set(_fileSystem, Full(path), fileSecurity.GetSecurityDescriptorBinaryForm());
    }

    private string Full(string path) => _fileSystem.FullPathOf(path, nameof(path));

    private EntryState Times(string path) => Metadata.ReadTimes(_fileSystem, Full(path));
}
