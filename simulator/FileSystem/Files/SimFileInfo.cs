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
    private string _name = PathNames.FileName(originalPath ?? fullPath).ToString();

    /// <summary>The name as it was given: .NET strips no periods and spaces here.</summary>
    public override string Name => _name;

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

    private string OpenablePath => PathSyntax.WithExtendedPrefix(FullName);

    public StreamWriter AppendText() => Opened(Owner.File.AppendText(OpenablePath));

    public IFileInfo CopyTo(string destFileName) => CopyTo(destFileName, overwrite: false);

    public IFileInfo CopyTo(string destFileName, bool overwrite)
    {
        var destination = Owner.FullPathOf(destFileName, nameof(destFileName));
        Copying.File(Owner, FullName, destination, overwrite);
        return new SimFileInfo(Owner, destination);
    }

    public Stream Create() => Opened(Owner.File.Create(OpenablePath));

    public StreamWriter CreateText() => Opened(Owner.File.CreateText(OpenablePath));

    public void Decrypt()
    {
        Metadata.SetEncrypted(Owner, FullName, encrypted: false);
        Invalidate();
    }

    public void Encrypt()
    {
        Metadata.SetEncrypted(Owner, FullName, encrypted: true);
        Invalidate();
    }

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
        _name = PathNames.FileName(destination).ToString();
        MovedTo(destination, destFileName);
    }

    public Stream Open(FileMode mode) => Opened(Owner.File.Open(OpenablePath, mode));

    public Stream Open(FileMode mode, FileAccess access) => Opened(Owner.File.Open(OpenablePath, mode, access));

    public Stream Open(FileMode mode, FileAccess access, FileShare share) =>
        Opened(Owner.File.Open(OpenablePath, mode, access, share));

    public Stream OpenRead() => Opened(Owner.File.OpenRead(OpenablePath));

    public StreamReader OpenText() => Opened(Owner.File.OpenText(OpenablePath));

    public Stream OpenWrite() => Opened(Owner.File.OpenWrite(OpenablePath));

    public IFileInfo Replace(string destinationFileName, string? destinationBackupFileName) =>
        Replace(destinationFileName, destinationBackupFileName, ignoreMetadataErrors: false);

    public IFileInfo Replace(string destinationFileName, string? destinationBackupFileName, bool ignoreMetadataErrors)
    {
        ArgumentNullException.ThrowIfNull(destinationFileName);
        Owner.File.Replace(OpenablePath, destinationFileName, destinationBackupFileName, ignoreMetadataErrors);
        Invalidate();
        return new SimFileInfo(Owner, Owner.FullPath(destinationFileName), destinationFileName);
    }

    [SupportedOSPlatform("windows")]
    public FileSecurity GetAccessControl() => Owner.File.GetAccessControl(FullName);

    [SupportedOSPlatform("windows")]
    public FileSecurity GetAccessControl(AccessControlSections includeSections) =>
        Owner.File.GetAccessControl(FullName, includeSections);

    [SupportedOSPlatform("windows")]
    public void SetAccessControl(FileSecurity fileSecurity) => Owner.File.SetAccessControl(FullName, fileSecurity);

    /// <summary>
    /// What opens the file may have made or changed it: the next question asks anew. .NET 10 does so after Create, CreateText
    /// and AppendText; after all of them it is .NET 11.
    /// </summary>
    private T Opened<T>(T stream)
    {
        Invalidate();
        return stream;
    }
}
