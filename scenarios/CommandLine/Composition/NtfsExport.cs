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
    /// Makes the image; on failure or cancellation nothing of it is left. ArgumentInvalid before anything is written when the
    /// size is too small.
    /// </summary>
    public static async Task<ExportReport> RunAsync(
        IDataSource volume, string imagePath, long? sizeBytes, CancellationToken cancellationToken)
    {
        NtfsImage.RequireSupport();
        var info = await volume.DescribeAsync(cancellationToken);
        await using var source = await volume.CreateSnapshotAsync(cancellationToken);
        var needed = await VolumeExporter.NeededBytesAsync(source, cancellationToken);
        var size = sizeBytes ?? Math.Max((needed + MiB - 1) / MiB * MiB, 32 * MiB);
        if (size < needed)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"--size {SizeText.Format(size)} is too small: this volume needs at least {SizeText.Format(needed)}, "
                    + $"{needed} bytes.",
                "Give a larger size, or none to have it computed.");
        }

        using var image = NtfsImage.Create(imagePath, size, info.ClusterBytes, volume.DefaultName);
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

        public string? SetReparse(string path, uint tag, ReadOnlySpan<byte> data) => writer.SetReparse(path, tag, data);
    }
}
