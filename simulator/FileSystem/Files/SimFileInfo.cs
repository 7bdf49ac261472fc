using System.IO.Abstractions;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using Harness.Simulator.FileSystem.Directories;
using Harness.Simulator.FileSystem.Entries;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Paths;

namespace Harness.Simulator.FileSystem.Files;

/// <summary><see cref="IFileInfo"/> on simulated volumes.</summary>
internal sealed class SimFileInfo(SimFileSystem owner, string fullPath, string? originalPath = null)
    : SimFileSystemInfo(owner, fullPath, originalPath ?? fullPath), IFileInfo
{
    public override string Name => PathNames.FileName(FullName).ToString();

    public override bool Exists => State is { Exists: true, IsDirectory: false } && !PathSyntax.EndsInSeparator(FullName);

    public string? DirectoryName => PathNames.Directory(FullName);

    public IDirectoryInfo? Directory => DirectoryName is { } name ? new SimDirectoryInfo(Owner, name) : null;

    public bool IsReadOnly
    {
        get => (Attributes & FileAttributes.ReadOnly) != FileAttributes.None;
        set => Attributes = value ? Attributes | FileAttributes.ReadOnly : Attributes & ~FileAttributes.ReadOnly;
    }

    public long Length
    {
        get
        {
            var error = State is { Exists: true, IsDirectory: true } ? Win32Error.FileNotFound : State.Error;
            return error is Win32Error.None ? State.Length
                : throw WindowsErrors.For(error == Win32Error.PathNotFound ? Win32Error.FileNotFound : error, FullName);
        }
    }

    protected override bool IsDirectoryInfo => false;

    public StreamWriter AppendText() => Owner.File.AppendText(FullName);

    public IFileInfo CopyTo(string destFileName) => CopyTo(destFileName, overwrite: false);

    public IFileInfo CopyTo(string destFileName, bool overwrite)
    {
        var destination = Owner.FullPathOf(destFileName, nameof(destFileName));
        Copying.File(Owner, FullName, destination, overwrite);
        return new SimFileInfo(Owner, destination, destFileName);
    }

    public Stream Create()
    {
        var stream = Owner.File.Create(FullName);
        Invalidate();
        return stream;
    }

    public StreamWriter CreateText() => Owner.File.CreateText(FullName);

    public void Decrypt() => Owner.File.Decrypt(FullName);

    public void Encrypt() => Owner.File.Encrypt(FullName);

    public override void Delete()
    {
        Deleting.File(Owner, FullName);
        Invalidate();
    }

    public void MoveTo(string destFileName) => MoveTo(destFileName, overwrite: false);

    public void MoveTo(string destFileName, bool overwrite)
    {
        var destination = Owner.FullPathOf(destFileName, nameof(destFileName));
        if (DirectoryName is { } directory && !Owner.DirectoryExists(directory))
        {
            throw WindowsErrors.For(Win32Error.PathNotFound, FullName);
        }

        Moving.File(Owner, FullName, destination, overwrite);
        MovedTo(destination, destFileName);
    }

    public Stream Open(FileMode mode) => Owner.File.Open(FullName, mode);

    public Stream Open(FileMode mode, FileAccess access) => Owner.File.Open(FullName, mode, access);

    public Stream Open(FileMode mode, FileAccess access, FileShare share) =>
        Owner.File.Open(FullName, mode, access, share);

    public Stream OpenRead() => Owner.File.OpenRead(FullName);

    public StreamReader OpenText() => Owner.File.OpenText(FullName);

    public Stream OpenWrite() => Owner.File.OpenWrite(FullName);

    public IFileInfo Replace(string destinationFileName, string? destinationBackupFileName) =>
        Replace(destinationFileName, destinationBackupFileName, ignoreMetadataErrors: false);

    public IFileInfo Replace(string destinationFileName, string? destinationBackupFileName, bool ignoreMetadataErrors)
    {
        ArgumentNullException.ThrowIfNull(destinationFileName);
        Owner.File.Replace(FullName, destinationFileName, destinationBackupFileName, ignoreMetadataErrors);
        return new SimFileInfo(Owner, Owner.FullPath(destinationFileName), destinationFileName);
    }

    [SupportedOSPlatform("windows")]
    public FileSecurity GetAccessControl() => Owner.File.GetAccessControl(FullName);

    [SupportedOSPlatform("windows")]
    public FileSecurity GetAccessControl(AccessControlSections includeSections) =>
        Owner.File.GetAccessControl(FullName, includeSections);

    [SupportedOSPlatform("windows")]
    public void SetAccessControl(FileSecurity fileSecurity) => Owner.File.SetAccessControl(FullName, fileSecurity);
}
