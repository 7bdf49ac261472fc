using Harness.Engine.Local.Ntfs;
using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Export;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Running.Ntfs;

/// <summary>
/// A real NTFS volume that follows a simulated one: made from it before the first backup, and edited as it was before each
/// further one, by writing no more than what differs. One logical thread. Needs what <see cref="NtfsImage"/> needs.
/// </summary>
internal sealed class NtfsMirror : IAsyncDisposable
{
    private const long MaxBytes = 256L << 20;
    private const long MiB = 1 << 20;

    /// <summary>What no driver sets as it was, or what this one tells in other words; the rules ask for none of it.</summary>
    private static readonly string[] NotAsked =
        ["change-time", "creation-time", "write-time", "security", "sparse-ranges", "short-name", "object-id", "extended-attributes"];

    private readonly SimVolume _simulated;
    private readonly SimDataSource _model;
    private readonly string _folder = Directory.CreateTempSubdirectory("harness-mirror-").FullName;
    private NtfsImage? _image;
    private ISnapshot? _before;

    /// <summary>Makes a mirror that is not on disk yet.</summary>
    /// <param name="simulated">The volume to follow.</param>
    public NtfsMirror(SimVolume simulated)
    {
        _simulated = simulated;
        _model = new SimDataSource(simulated);
    }

    /// <summary>The real volume as the engine sees it, once it has followed.</summary>
    public IDataSource Source => new LinuxDirectorySource(_image!.MountPath, TimeProvider.System);

    /// <summary>Makes the real volume what the simulated one is now; <see cref="NotHeldException"/> when it cannot be.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        await RequirePlainAsync(cancellationToken);
        var now = await _model.CreateSnapshotAsync(cancellationToken);
        await RequireOrdinaryTagsAsync(now, cancellationToken);
        if (_image is null)
        {
            await CreateAsync(now, cancellationToken);
        }
        else
        {
            await new NtfsFollower(_image.MountPath, _before!, now).ApplyAsync(cancellationToken);
            await _before!.DisposeAsync();
        }

        _before = now;
        _image!.Remount();
        await RequireEqualAsync(now, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_before is not null)
        {
            await _before.DisposeAsync();
        }

        _image?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RequirePlainAsync(CancellationToken cancellationToken)
    {
        var volume = await _model.DescribeAsync(cancellationToken);
        if (volume.FileSystem != FileSystemKind.Ntfs || _simulated.Settings.FileSystemName is not null || volume.IsCaseSensitive
            || volume.Kind != VolumeKind.Fixed || volume.IsReadOnly || volume.IsOffline || volume.IsLocked)
        {
            throw new NotHeldException("the volume is not a plain NTFS one");
        }
    }

    /// <summary>What a tag leads to is not on the image: the volume that is mounted, the store of deduplicated data.</summary>
    private static async Task RequireOrdinaryTagsAsync(ISnapshot now, CancellationToken cancellationToken)
    {
        await foreach (var item in now.EnumerateAsync(cancellationToken))
        {
            if (item.Entry is { } entry && (entry.TaggedTraits & (EntryTraits.MountPoint | EntryTraits.Deduplicated)) != EntryTraits.None)
            {
                throw new NotHeldException($"{entry.Path} leads to what is outside the volume's files");
            }
        }
    }

    private async Task CreateAsync(ISnapshot now, CancellationToken cancellationToken)
    {
        var bytes = await VolumeExporter.NeededBytesAsync(now, cancellationToken);
        if (bytes > MaxBytes)
        {
            throw new NotHeldException($"it needs {bytes / MiB} MiB, and at most {MaxBytes / MiB} are made");
        }

        var size = Math.Max((bytes * 2 / MiB * MiB) + (16 * MiB), 32 * MiB);
        _image = NtfsImage.Create(Path.Combine(_folder, "volume.img"), size, _simulated.Settings.ClusterBytes, "volume");
        var report = await new VolumeExporter(now, new NtfsExportTarget(new NtfsImageWriter(_image.MountPath))).WriteAsync(cancellationToken);
        Require(report.Differences);
    }

    private async Task RequireEqualAsync(ISnapshot now, CancellationToken cancellationToken)
    {
        await using var real = await Source.CreateSnapshotAsync(cancellationToken);
        Require(await ExportVerifier.CompareAsync(now, real, cancellationToken));
    }

    private static void Require(IEnumerable<ExportDifference> differences)
    {
        if (differences.FirstOrDefault(d => d.Path.Length > 0 && !NotAsked.Contains(d.Property)) is { } difference)
        {
            throw new NotHeldException(
                $"{difference.Path} should have {difference.Property} {difference.Expected}, and has {difference.Actual}");
        }
    }
}
