using Harness.Engine.Errors;
using Harness.Engine.Local.Ntfs;
using Harness.Engine.Local.Sources;
using Harness.Engine.Ports;
using Harness.Scenarios.Running.Ntfs;
using Harness.Simulator.Export;
using Harness.Simulator.Recipes;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>Writes a simulated volume to a real NTFS image, and reads it back.</summary>
internal static class NtfsExport
{
    private const long MiB = 1 << 20;

    /// <summary>
    /// Makes the image; on failure or cancellation nothing of it is left, and one that was there stays. Before anything is
    /// written: FileInaccessible when the image exists and may not be replaced, ArgumentInvalid when the size is too small, or the
    /// disk for it.
    /// </summary>
    public static async Task<ExportReport> RunAsync(
        IDataSource volume, string imagePath, long? sizeBytes, bool isReplaced, CancellationToken cancellationToken)
    {
        NtfsImage.RequireSupport();
        RequirePlace(imagePath, isReplaced);
        var info = await volume.DescribeAsync(cancellationToken);
        await using var source = await volume.CreateSnapshotAsync(cancellationToken);
        var needed = await VolumeExporter.NeededBytesAsync(source, cancellationToken);
        var size = sizeBytes ?? Math.Max((needed + MiB - 1) / MiB * MiB, 32 * MiB);
        if (size < needed)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"--size {SizeText.Format(size)} ({size} bytes) is too small: this volume needs at least "
                    + $"{SizeText.Format(needed)}, {needed} bytes.",
                "Give a larger size, or none to have it computed.");
        }

        RequireRoom(imagePath, needed);
        var partial = $"{imagePath}.partial-{Environment.ProcessId}";
        var report = await WriteAsync(volume, source, partial, size, info.ClusterBytes, cancellationToken);
        File.Move(partial, imagePath, isReplaced);
        return report;
    }

    private static void RequirePlace(string imagePath, bool isReplaced)
    {
        if (Directory.Exists(imagePath) || (File.Exists(imagePath) && !isReplaced))
        {
            throw new BackupException(
                ErrorCode.FileInaccessible,
                Directory.Exists(imagePath) ? $"'{imagePath}' is a directory." : $"'{imagePath}' exists already.",
                "Name a file that does not exist, or add --force to replace it.");
        }
    }

    private static void RequireRoom(string imagePath, long neededBytes)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(imagePath))!;
        if (Directory.Exists(folder) && new DriveInfo(folder).AvailableFreeSpace is var free && free < neededBytes)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"'{imagePath}' needs {SizeText.Format(neededBytes)}, {neededBytes} bytes, and its disk has "
                    + $"{SizeText.Format(free)}, {free} bytes, free.",
                "Choose another disk, or a smaller volume.");
        }
    }

    private static async Task<ExportReport> WriteAsync(
        IDataSource volume, ISnapshot source, string imagePath, long size, int clusterBytes, CancellationToken cancellationToken)
    {
        using var image = NtfsImage.Create(imagePath, size, clusterBytes, volume.DefaultName);
        var report = await new VolumeExporter(source, new NtfsExportTarget(new NtfsImageWriter(image.MountPath))).WriteAsync(cancellationToken);
        image.Remount();
        await using var written = await new LinuxDirectorySource(image.MountPath, TimeProvider.System)
            .CreateSnapshotAsync(cancellationToken);
        report.Differences.AddRange(await ExportVerifier.CompareAsync(source, written, cancellationToken));
        image.Keep();
        return report;
    }
}
