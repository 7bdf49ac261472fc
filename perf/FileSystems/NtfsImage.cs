using System.Diagnostics;
using Harness.Engine.Errors;

namespace Harness.Perf.FileSystems;

/// <summary>A real NTFS volume in an image file, mounted with ntfs-3g. Needs root, /dev/fuse and the driver.</summary>
internal sealed class NtfsImage : IComparedSystem
{
    private readonly DirectoryInfo _folder;
    private readonly RealDirectory _mounted;

    private NtfsImage(DirectoryInfo folder)
    {
        _folder = folder;
        _mounted = new RealDirectory("NTFS by ntfs-3g (FUSE)", new DirectoryInfo(MountPoint(folder)));
    }

    public static bool IsAvailable =>
        Environment.IsPrivilegedProcess && File.Exists("/dev/fuse") && File.Exists("/usr/bin/ntfs-3g")
        && File.Exists("/usr/sbin/mkntfs");

    public string Name => _mounted.Name;

    public bool IsInMemory => false;

    public static NtfsImage Mount(int files)
    {
        var folder = Directory.CreateTempSubdirectory("harness-compare-ntfs-");
        var image = Path.Combine(folder.FullName, "volume.img");
        using (var file = File.Create(image))
        {
            file.SetLength((256L << 20) + (files * 4096L));
        }

        Directory.CreateDirectory(MountPoint(folder));
        Run("/usr/sbin/mkntfs", "-F", "-Q", "-q", image);
        Run("/usr/bin/ntfs-3g", "-o", "streams_interface=windows", image, MountPoint(folder));
        return new NtfsImage(folder);
    }

    public void CreateDirectory(string directory) => _mounted.CreateDirectory(directory);

    public void CreateFile(string directory, string name) => _mounted.CreateFile(directory, name);

    public int List(string directory) => _mounted.List(directory);

    public void Dispose()
    {
        Run("/bin/umount", MountPoint(_folder));
        _folder.Delete(recursive: true);
    }

    private static string MountPoint(DirectoryInfo folder) => Path.Combine(folder.FullName, "mnt");

    private static void Run(string tool, params string[] arguments)
    {
        // No redirection of output: the driver's daemon would inherit the pipe and keep it open.
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", "exec \"$@\" >/dev/null 2>&1", "sh", tool } };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible, $"{tool} failed with exit code {process.ExitCode}.", "Run it by hand to see why.");
        }
    }
}
