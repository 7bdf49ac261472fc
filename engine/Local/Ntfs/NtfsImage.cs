using System.Diagnostics;
using Harness.Engine.Errors;

namespace Harness.Engine.Local.Ntfs;

/// <summary>
/// A new NTFS volume in an image file, mounted through ntfs-3g while this lives. Disposing unmounts, and deletes the image
/// unless <see cref="Keep"/> was called. Needs Linux, root, /dev/fuse and ntfs-3g: PlatformUnsupported says what is missing.
/// </summary>
public sealed class NtfsImage : IDisposable
{
    private const string Options = "streams_interface=windows,compression,efs_raw,permissions,noatime";

    private static readonly string[] ToolFolders =
        ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin"];

    private bool _isMounted;
    private bool _isKept;

    private NtfsImage(string path, string mountPath)
    {
        ImagePath = path;
        MountPath = mountPath;
    }

    /// <summary>The image.</summary>
    public string ImagePath { get; }

    /// <summary>Where the volume is mounted.</summary>
    public string MountPath { get; }

    /// <summary>Throws PlatformUnsupported when images cannot be made here.</summary>
    public static void RequireSupport()
    {
        var missing = !OperatingSystem.IsLinux() ? "it needs Linux"
            : !Environment.IsPrivilegedProcess ? "mounting needs root"
            : !File.Exists("/dev/fuse") ? "there is no /dev/fuse"
            : Find("mkntfs") is null || Find("ntfs-3g") is null ? "ntfs-3g is not installed"
            : null;
        if (missing is not null)
        {
            throw new BackupException(
                ErrorCode.PlatformUnsupported,
                $"A real NTFS image cannot be made here: {missing}.",
                "Run as root on Linux with the packages ntfs-3g and fuse3: apt-get install ntfs-3g fuse3.");
        }
    }

    /// <summary>Makes and mounts a volume. An image that exists is FileInaccessible and is not touched.</summary>
    /// <param name="path">The image to make; sparse, so it takes what is written.</param>
    /// <param name="sizeBytes">Size of the volume.</param>
    /// <param name="clusterBytes">Cluster size.</param>
    /// <param name="label">Label, cut to the 32 characters that NTFS allows.</param>
    public static NtfsImage Create(string path, long sizeBytes, int clusterBytes, string label)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(label);
        RequireSupport();
        var full = Path.GetFullPath(path);
        try
        {
            using var file = new FileStream(full, FileMode.CreateNew);
            file.SetLength(sizeBytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible,
                File.Exists(full) ? $"'{path}' exists already." : $"'{path}' cannot be made: {error.Message}",
                "Name a file that does not exist, on a disk with room for it.",
                inner: error);
        }

        var image = new NtfsImage(full, Directory.CreateTempSubdirectory("harness-export-").FullName);
        try
        {
            image.Run("mkntfs", "-F", "-Q", "-q", "-c", $"{clusterBytes}", "-L", label[..Math.Min(label.Length, 32)], full);
            image.Mount();
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>Unmounts and mounts again, so that everything is seen as a later reader sees it.</summary>
    public void Remount()
    {
        Unmount();
        Mount();
    }

    /// <summary>The image stays when this is disposed.</summary>
    public void Keep() => _isKept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isMounted)
        {
            Unmount();
        }

        if (Directory.Exists(MountPath))
        {
            Directory.Delete(MountPath);
        }

        if (!_isKept)
        {
            File.Delete(ImagePath);
        }
    }

    private static string? Find(string tool) =>
        ToolFolders.Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);

    private void Mount()
    {
        Run("ntfs-3g", "-o", Options, ImagePath, MountPath);
        _isMounted = true;
    }

    private void Unmount()
    {
        Run("umount", MountPath);
        _isMounted = false;
    }

    private void Run(string tool, params string[] arguments)
    {
        // A shell without output: the driver's daemon would inherit a pipe and keep it open.
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", "exec \"$@\" >/dev/null 2>&1", "sh", Find(tool) ?? tool } };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new BackupException(
                ErrorCode.PlatformUnsupported,
                $"{tool} failed with exit code {process.ExitCode} for '{ImagePath}'.",
                "Check that FUSE mounts are allowed here and that the size and cluster size suit NTFS.");
        }
    }
}
