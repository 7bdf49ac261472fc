using System.Diagnostics;
using NUnit.Framework;

namespace Harness.Tests.Support;

/// <summary>
/// A real NTFS volume in an image file, mounted with ntfs-3g for one test. Needs root and the packages that
/// build/install-system-packages.sh installs; without them the test is ignored, and with HARNESS_REQUIRE_SYSTEM=1 it fails.
/// Fixtures that use it are [NonParallelizable]: a process that another test starts holds, between fork and exec, what is open here, and the
/// driver then hides a file that is deleted by renaming it, which it refuses for a stream.
/// </summary>
internal sealed class NtfsVolume : IDisposable
{
    private const string DefaultOptions = "streams_interface=windows,compression,efs_raw,permissions";

    private readonly string _folder;
    private bool _isMounted;

    private NtfsVolume(string folder)
    {
        _folder = folder;
        ImagePath = Path.Combine(folder, "volume.img");
        Root = Path.Combine(folder, "mnt");
    }

    /// <summary>The mount point.</summary>
    internal string Root { get; }

    internal string ImagePath { get; }

    /// <summary>Makes and mounts a volume.</summary>
    internal static NtfsVolume Create(long sizeBytes = 64 << 20)
    {
        RequireDriver();
        var volume = new NtfsVolume(Directory.CreateTempSubdirectory("harness-ntfs-").FullName);
        try
        {
            using (var image = File.Create(volume.ImagePath))
            {
                image.SetLength(sizeBytes);
            }

            _ = Directory.CreateDirectory(volume.Root);
            Run("mkntfs", "-F", "-Q", "-q", "-L", "HARNESS", volume.ImagePath);
            volume.Mount();
            return volume;
        }
        catch
        {
            volume.Dispose();
            throw;
        }
    }

    internal string At(string relative) => Path.Combine(Root, relative);

    /// <summary>Unmounts and mounts again: the kernel forgets what kind of file a reparse point was before.</summary>
    internal void Remount(string driver = "ntfs-3g", string options = DefaultOptions)
    {
        Unmount();
        Mount(driver, options);
    }

    internal void Unmount()
    {
        if (_isMounted)
        {
            Run("umount", Root);
            _isMounted = false;
        }
    }

    public void Dispose()
    {
        if (_isMounted)
        {
            // Lazily, so that a file left open by a failed test does not leave the mount behind.
            Run("umount", "-l", Root);
            _isMounted = false;
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static void RequireDriver()
    {
        string? missing = Environment.UserName != "root" && !Environment.IsPrivilegedProcess ? "mounting needs root"
            : !File.Exists("/dev/fuse") ? "there is no /dev/fuse"
            : Find("ntfs-3g") is null || Find("mkntfs") is null ? "ntfs-3g is not installed (build/install-system-packages.sh)"
            : null;
        if (missing is null)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("HARNESS_REQUIRE_SYSTEM") == "1")
        {
            Assert.Fail($"A real NTFS volume is required here: {missing}.");
        }

        Assert.Ignore($"Needs a real NTFS volume: {missing}.");
    }

    private static string? Find(string tool) =>
        new[] { "/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin" }
            .Select(folder => Path.Combine(folder, tool))
            .FirstOrDefault(File.Exists);

    private static void Run(string tool, params string[] arguments)
    {
        // No redirection of output: the driver's daemon would inherit the pipe and keep it open.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", "exec \"$@\" >/dev/null 2>&1", "sh", Find(tool) ?? tool },
        }.With(arguments))!;
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{tool} {string.Join(' ', arguments)}");
    }

    private void Mount(string driver = "ntfs-3g", string options = DefaultOptions)
    {
        Run(driver, "-o", options, ImagePath, Root);
        _isMounted = true;
    }
}

/// <summary>Small helper for process arguments.</summary>
internal static class ProcessStartInfoExtensions
{
    internal static ProcessStartInfo With(this ProcessStartInfo start, IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
