using System.IO.Abstractions;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using Harness.Simulator.FileSystem.Entries;
using Harness.Simulator.FileSystem.Paths;

namespace Harness.Simulator.FileSystem.Directories;

/// <summary><see cref="IDirectoryInfo"/> on simulated volumes.</summary>
internal sealed partial class SimDirectoryInfo(SimFileSystem owner, string fullPath, string? originalPath = null)
    : SimFileSystemInfo(owner, fullPath, originalPath ?? fullPath), IDirectoryInfo
{
    public override string Name => PathSyntax.IsRoot(FullName)
        ? FullName
        : PathNames.FileName(PathSyntax.TrimEndingSeparator(FullName)).ToString();

    public override bool Exists => State.IsDirectory;

    public IDirectoryInfo? Parent =>
        PathNames.Directory(PathSyntax.TrimEndingSeparator(FullName).ToString()) is { } parent
            ? new SimDirectoryInfo(Owner, parent)
            : null;

    public IDirectoryInfo Root => new SimDirectoryInfo(Owner, PathNames.Root(FullName)!);

    protected override bool IsDirectoryInfo => true;

    public void Create()
    {
        DirectoryCreation.Create(Owner, FullName);
        Invalidate();
    }

    [SupportedOSPlatform("windows")]
    public void Create(DirectorySecurity directorySecurity)
    {
        Owner.Directory.CreateDirectory(FullName, directorySecurity);
        Invalidate();
    }

    public IDirectoryInfo CreateSubdirectory(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (PathSyntax.IsEffectivelyEmpty(path))
        {
            throw new ArgumentException("Path cannot be the empty string or all whitespace.", nameof(path));
        }

        if (PathSyntax.IsRooted(path))
        {
            throw new ArgumentException("Second path fragment must not be a drive or UNC name.", nameof(path));
        }

        var full = Owner.Path.GetFullPath(PathNames.Combine(FullName, path));
        var child = PathSyntax.TrimEndingSeparator(full);
        var parent = PathSyntax.TrimEndingSeparator(FullName);
        var isBelow = child.StartsWith(parent, StringComparison.OrdinalIgnoreCase)
            && (child.Length == parent.Length || PathSyntax.IsSeparator(child[parent.Length]) || PathSyntax.EndsInSeparator(parent));
        if (!isBelow)
        {
            throw new ArgumentException(
                $"The directory specified, '{path}', is not a subdirectory of '{FullName}'.", nameof(path));
        }

        DirectoryCreation.Create(Owner, full);
        return new SimDirectoryInfo(Owner, full);
    }

    public override void Delete() => Delete(recursive: false);

    public void Delete(bool recursive)
    {
        var path = PathSyntax.TrimEndingSeparator(FullName).ToString();
        if (recursive)
        {
            Deleting.Tree(Owner, path);
        }
        else
        {
            Deleting.Directory(Owner, path);
        }

        Invalidate();
    }

    public void MoveTo(string destDirName)
    {
        var destination = Owner.FullPathOf(destDirName, nameof(destDirName));
        Moving.Directory(Owner, FullName, destination);
        // .NET keeps a separator at the end of what was moved.
        MovedTo(PathSyntax.EndsInSeparator(destination) ? destination : destination + "\\", destDirName);
    }

    [SupportedOSPlatform("windows")]
    public DirectorySecurity GetAccessControl() => Owner.Directory.GetAccessControl(FullName);

    [SupportedOSPlatform("windows")]
    public DirectorySecurity GetAccessControl(AccessControlSections includeSections) =>
        Owner.Directory.GetAccessControl(FullName, includeSections);

    [SupportedOSPlatform("windows")]
    public void SetAccessControl(DirectorySecurity directorySecurity) =>
        Owner.Directory.SetAccessControl(FullName, directorySecurity);
}
