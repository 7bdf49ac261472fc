using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Restore;

/// <summary>
/// Restores into a folder of a simulated volume, keeping holes, streams, times, attributes and security, so that an oracle
/// can compare all of them. Directories above a path that are reparse points are never followed (TargetEscape).
/// </summary>
public sealed class SimRestoreTarget : IRestoreTarget
{
    private readonly VolumeView? _known;
    private int _writers;

    /// <summary>Makes a target.</summary>
    /// <param name="volume">Where to.</param>
    /// <param name="folder">Folder of it; "" is the root.</param>
    /// <param name="known">
    /// A volume that probably holds the same content at the same paths, such as the snapshot that was protected. Each byte
    /// written is compared with it, and what is equal is kept as a reference to the same extent, so that restoring terabytes
    /// of generated content takes no memory. What differs is kept as it was written.
    /// </param>
    public SimRestoreTarget(SimVolume volume, string folder = "", VolumeView? known = null)
    {
        Volume = volume ?? throw new ArgumentNullException(nameof(volume));
        Folder = folder;
        _known = known;
    }

    /// <summary>Where the restore goes.</summary>
    public SimVolume Volume { get; }

    /// <summary>Folder of it.</summary>
    public string Folder { get; }

    /// <inheritdoc/>
    public string DisplayName => Folder.Length == 0 ? Volume.Settings.Label : $"{Volume.Settings.Label}/{Folder}";

    /// <inheritdoc/>
    public ValueTask<bool> PrepareAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Volume.IsReadOnly || Volume.IsOffline || Volume.IsLocked
            || Volume.Find(Folder) is { IsDirectory: false })
        {
            throw new BackupException(
                ErrorCode.TargetNotWritable,
                $"The restore target {DisplayName} cannot be written.",
                "Choose a directory of a volume that is online, unlocked and writable.");
        }

        Volume.CreateDirectories(Folder);
        return ValueTask.FromResult(Volume.List(Folder).Any());
    }

    /// <inheritdoc/>
    public ValueTask<EntryKind?> ProbeAsync(string path, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Volume.Find(Place(path)) is { } entry ? KindOf(entry) : (EntryKind?)null);

    /// <inheritdoc/>
    public ValueTask<UInt128?> IdentifyAsync(string path, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Volume.Find(Place(path)) is { } entry ? entry.Reference.Value : (UInt128?)null);

    /// <inheritdoc/>
    public ValueTask<ISourceReader?> OpenExistingAsync(string path, string stream, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var place = Place(path);
        return ValueTask.FromResult<ISourceReader?>(
            Volume.Find(place) is { } entry && KindOf(entry) == EntryKind.File
                && entry.Streams.FirstOrDefault(s => s.Name.Equals(stream, StringComparison.OrdinalIgnoreCase)) is { } found
                ? new ExistingStreamReader(Volume, stream.Length == 0 ? place : $"{place}:{stream}", found.SizeBytes)
                : null);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>?> KeepFileAsync(
        string path, RestoreMetadata metadata, IReadOnlyList<RestoreStream> streams, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(streams);
        cancellationToken.ThrowIfCancellationRequested();
        var place = Place(path);
        var isAsMade = Volume.Find(place) is { LinkCount: 1 } entry && KindOf(entry) == EntryKind.File
            && entry.Streams.Count == streams.Count
            && streams.All(stream => entry.Streams.Any(there => there.Name == stream.Name && SimRestoreWriter.IsStoredAs(there, stream)));
        return ValueTask.FromResult(isAsMade
            ? SimTargetErrors.Translate(path, () => SimRestoreWriter.ApplyMetadata(Volume, place, metadata))
            : null);
    }

    /// <inheritdoc/>
    public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        var place = Place(path);
        if (Volume.Find(place) is not { IsDirectory: true })
        {
            SimTargetErrors.Translate(path, () => Volume.CreateDirectory(place));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IRestoreWriter> CreateFileAsync(
        string path, RestoreMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        cancellationToken.ThrowIfCancellationRequested();
        var final = Place(path);
        var slash = final.LastIndexOf('/');
        var temporary = $"{final[..(slash + 1)]}~restore{_writers++}.partial";
        SimTargetErrors.Translate(path, () => Volume.CreateFile(temporary));
        return ValueTask.FromResult<IRestoreWriter>(new SimRestoreWriter(Volume, temporary, final, path, metadata, _known));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> CreateLinkAsync(
        string path, RestoreMetadata metadata, ReparseContent reparse, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(reparse);
        cancellationToken.ThrowIfCancellationRequested();
        var place = Place(path);
        if ((Volume.Settings.Features & VolumeFeatures.ReparsePoints) == VolumeFeatures.None)
        {
            throw new BackupException(
                ErrorCode.PlatformUnsupported,
                $"The file system of the target has no reparse points, and '{path}' is one.",
                "Restore to an NTFS volume to keep it.");
        }

        return ValueTask.FromResult(SimTargetErrors.Translate<IReadOnlyList<string>>(path, () => PutLink(place, metadata, reparse)));
    }

    /// <inheritdoc/>
    public ValueTask<bool> CreateHardLinkAsync(
        string existing, string path, RestoreMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        cancellationToken.ThrowIfCancellationRequested();
        var (from, place) = (Place(existing), Place(path));
        if ((Volume.Settings.Features & VolumeFeatures.HardLinks) == VolumeFeatures.None)
        {
            return ValueTask.FromResult(false);
        }

        SimTargetErrors.Translate(path, () =>
        {
            if (Volume.Find(place) is not null)
            {
                Volume.Delete(place);
            }

            Volume.CreateHardLink(place, from);
            Volume.SetTimes(place, metadata.Times);
            return true;
        });
        return ValueTask.FromResult(true);
    }

    private IReadOnlyList<string> PutLink(string place, RestoreMetadata metadata, ReparseContent reparse)
    {
        const int guidBytes = 16;
        if (Volume.Find(place) is not null)
        {
            Volume.Delete(place);
        }

        if (reparse.IsDirectory)
        {
            Volume.CreateDirectory(place);
        }
        else
        {
            Volume.CreateFile(place);
        }

        var hasOwner = !ReparseTags.IsMicrosoft(reparse.Tag) && reparse.Data.Length >= guidBytes;
        Volume.SetReparsePoint(
            place,
            reparse.Tag,
            hasOwner ? reparse.Data[guidBytes..] : reparse.Data,
            hasOwner ? new Guid(reparse.Data.Span[..guidBytes]) : default);
        return SimRestoreWriter.ApplyMetadata(Volume, place, metadata);
    }

    /// <inheritdoc/>
    public ValueTask<IRestoreWriter> OpenDirectoryStreamsAsync(
        string path, RestoreMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        cancellationToken.ThrowIfCancellationRequested();
        var place = PlaceOfDirectory(path);
        return ValueTask.FromResult<IRestoreWriter>(new SimRestoreWriter(Volume, place, place, path, metadata, _known));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FinishDirectoryAsync(
        string path, RestoreMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var place = PlaceOfDirectory(path);
        return ValueTask.FromResult(SimTargetErrors.Translate(path, () => SimRestoreWriter.ApplyMetadata(Volume, place, metadata)));
    }

    private static EntryKind KindOf(VolumeEntry entry) =>
        entry.ReparseTag is not null ? EntryKind.SymbolicLink : entry.IsDirectory ? EntryKind.Directory : EntryKind.File;

    private string PlaceOfDirectory(string path)
    {
        var place = Place(path);
        return path.Length > 0 && Volume.Find(place) is { ReparseTag: not null } ? throw SimTargetErrors.Escape(path, place) : place;
    }

    private string Place(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            SimTargetErrors.RequireExpressible(Volume, path, name);
        }

        var place = Folder.Length == 0 ? path : path.Length == 0 ? Folder : $"{Folder}/{path}";
        for (var slash = place.IndexOf('/'); slash >= 0; slash = place.IndexOf('/', slash + 1))
        {
            if (Volume.Find(place[..slash]) is { ReparseTag: not null })
            {
                throw SimTargetErrors.Escape(path, place[..slash]);
            }
        }

        return place;
    }
}
