using Harness.Engine.Errors;
using Harness.Engine.Local.Ntfs;
using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using Harness.Engine.Ports;
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
        var report = await new VolumeExporter(source, new Target(new NtfsImageWriter(image.MountPath))).WriteAsync(cancellationToken);
        image.Remount();
        await using var written = await new LinuxDirectorySource(image.MountPath, TimeProvider.System)
            .CreateSnapshotAsync(cancellationToken);
        report.Differences.AddRange(await ExportVerifier.CompareAsync(source, written, cancellationToken));
        image.Keep();
        return report;
    }

    /// <summary>The writer as the simulator's port: the two projects do not know each other.</summary>
    private sealed class Target(NtfsImageWriter writer) : IExportTarget
    {
        public string? CreateDirectory(string path) => writer.CreateDirectory(path);

        public string? CreateFile(string path, bool isCompressed) => writer.CreateFile(path, isCompressed);

        public string? Link(string existing, string path) => writer.Link(existing, path);

        public string? SetLength(string path, long sizeBytes) => writer.SetLength(path, sizeBytes);

        public string? Write(string path, long offset, ReadOnlySpan<byte> content) => writer.Write(path, offset, content);

        public string? SetEncryption(string path, ReadOnlySpan<byte> info) => writer.SetEncryption(path, info);

        public string? SetAttributes(string path, uint attributes) => writer.SetAttributes(path, attributes);

        public string? SetTimes(string path, EntryTimes times) => writer.SetTimes(path, times);

        public string? SetSecurity(string path, ReadOnlySpan<byte> descriptor) => writer.SetSecurity(path, descriptor);

        public string? SetShortName(string path, string name) => writer.SetShortName(path, name);

        public string? SetObjectId(string path, ReadOnlySpan<byte> objectId) => writer.SetObjectId(path, objectId);

        public string? SetExtendedAttributes(string path, ReadOnlySpan<byte> list) => writer.SetExtendedAttributes(path, list);

        public string? SetReparse(string path, uint tag, ReadOnlySpan<byte> data) => writer.SetReparse(path, tag, data);
    }
}
