using System.Runtime.CompilerServices;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Snapshots.Vss;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Snapshots;

/// <summary>
/// A snapshot as the engine sees it: encrypted streams in their raw form, everything else plain. Safe for overlapping calls
/// if its faults are.
/// </summary>
public sealed class SimSnapshot : ISnapshot, IRareMetadata
{
    private readonly string _folder;
    private readonly ISimVolumeFaults? _faults;
    private readonly VssSnapshot? _shadow;
    private readonly VssProvider? _provider;
    private readonly Lock _liveGate = new();
    private bool _released;

    /// <summary>Shows a snapshot of a provider, which may delete it at any time, and deletes it when it is disposed.</summary>
    /// <param name="provider">Who made it.</param>
    /// <param name="shadow">The snapshot.</param>
    /// <param name="folder">Folder that is the root of the source.</param>
    /// <param name="faults">What goes wrong besides; null is nothing.</param>
    public SimSnapshot(VssProvider provider, VssSnapshot shadow, string folder, ISimVolumeFaults? faults = null)
        : this(
            (shadow ?? throw new ArgumentNullException(nameof(shadow))).View, folder, shadow.Consistency, faults)
    {
        _provider = provider ?? throw new ArgumentNullException(nameof(provider));
        _shadow = shadow;
    }

    /// <summary>Shows a frozen volume.</summary>
    /// <param name="volume">The frozen volume.</param>
    /// <param name="folder">Folder that is the root of the source.</param>
    /// <param name="consistency">What it claims.</param>
    /// <param name="faults">What goes wrong; null is nothing.</param>
    public SimSnapshot(
        VolumeSnapshot volume, string folder, ConsistencyLevel consistency, ISimVolumeFaults? faults = null)
    {
        Volume = volume ?? throw new ArgumentNullException(nameof(volume));
        _folder = folder;
        _faults = faults;
        Consistency = consistency;
    }

    /// <summary>The frozen volume, for oracles.</summary>
    public VolumeSnapshot Volume { get; }

    /// <summary>The volume from which files are read in place of the frozen one, through handles; null is the frozen one.</summary>
    internal SimVolume? Live { get; init; }

    /// <inheritdoc/>
    public DateTimeOffset TakenAt => Volume.TakenAt;

    /// <inheritdoc/>
    public ConsistencyLevel Consistency { get; }

    /// <inheritdoc/>
    public IChangeTracker? Changes { get; private set; }

    /// <summary>Whether it was disposed, as a job must do also when it fails.</summary>
    public bool IsReleased => _released;

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceItem> EnumerateAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        foreach (var item in List(_folder, cancellationToken))
        {
            yield return item;
        }
    }

    /// <summary>Lists a directory of the volume and all below it, as the source shows them.</summary>
    internal IEnumerable<SourceItem> List(string directory, CancellationToken cancellationToken)
    {
        string? blocked = null;
        foreach (var entry in Volume.Walk(directory))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Relative(entry.Path);
            if (IsGone)
            {
                yield return SourceItem.Of(Error(path, SourceFault.Vanished));
                yield break;
            }

            if (blocked is not null && path.StartsWith(blocked, StringComparison.Ordinal))
            {
                continue;
            }

            var fault = _faults?.On(new SimVolumeCall(SimVolumeOperation.List, path));
            blocked = fault is not null && entry.IsDirectory ? path + "/" : null;
            foreach (var item in Items(entry, path, fault))
            {
                yield return item;
            }
        }
    }

    /// <summary>One entry of the volume as the source shows it, or the trouble in its place.</summary>
    internal IEnumerable<SourceItem> Show(VolumeEntry entry)
    {
        var path = Relative(entry.Path);
        return IsGone
            ? [SourceItem.Of(Error(path, SourceFault.Vanished))]
            : Items(entry, path, _faults?.On(new SimVolumeCall(SimVolumeOperation.List, path)));
    }

    /// <summary>Whether a path of the volume lies in the source.</summary>
    internal bool Holds(string path) => _folder.Length == 0 || path.Equals(_folder, StringComparison.OrdinalIgnoreCase)
        || path.StartsWith(_folder + "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The path in the volume of a path in the source.</summary>
    internal string Absolute(string path) => _folder.Length == 0 ? path : path.Length == 0 ? _folder : $"{_folder}/{path}";

    /// <summary>Takes part in a source's change tracking.</summary>
    internal void Track(SimChangeTracking? tracking) => Changes = tracking is null ? null : new SimChangeTracker(this, tracking);

    /// <inheritdoc/>
    public ValueTask<ISourceReader> OpenAsync(SourceEntry entry, SourceStream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(stream);
        cancellationToken.ThrowIfCancellationRequested();
        var path = stream.Name.Length == 0 ? entry.Path : $"{entry.Path}:{stream.Name}";
        Check(new SimVolumeCall(SimVolumeOperation.Open, path));
        var key = EfsCipher.KeyOf(entry.EncryptionInfo.Span);
        if (Live is { } live)
        {
            return ValueTask.FromResult<ISourceReader>(new LiveSourceReader(
                this, live, _folder.Length == 0 ? path : $"{_folder}/{path}", path, key, _liveGate));
        }

        var state = Volume.Stream(new FileReference(entry.FileReference), stream.Name)
            ?? throw Error(path, SourceFault.Vanished);
        ISourceReader reader = new SimSourceReader(this, path, state, key);
        return ValueTask.FromResult(reader);
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(!_released && !IsGone);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (!_released && _shadow is { IsAlive: true })
        {
            _provider!.Delete(_shadow.Id);
        }

        _released = true;
        return ValueTask.CompletedTask;
    }

    private bool IsGone => _faults is { IsSourceGone: true } || _shadow is { IsAlive: false };

    /// <summary>Throws what the fault rules ask for.</summary>
    internal void Check(SimVolumeCall call)
    {
        ObjectDisposedException.ThrowIf(_released, this);
        var fault = _faults?.On(call);
        fault = IsGone ? SourceFault.Vanished : fault;
        if (fault is { } kind)
        {
            throw Error(call.Path, kind);
        }
    }

    /// <inheritdoc/>
    public ValueTask<RareEntryMetadata> ReadRareMetadataAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        cancellationToken.ThrowIfCancellationRequested();
        var path = _folder.Length == 0 || entry.Path.Length == 0 ? _folder + entry.Path : $"{_folder}/{entry.Path}";
        return ValueTask.FromResult(Volume.Find(path) is not { } found ? RareEntryMetadata.None : new RareEntryMetadata
        {
            ShortName = found.ShortName,
            ObjectId = found.ObjectId?.ToBytes() ?? [],
            ExtendedAttributes = ExtendedAttributes.ToList(found.ExtendedAttributes),
        });
    }

    private static IEnumerable<SourceItem> Items(VolumeEntry entry, string path, SourceFault? fault)
    {
        if (fault is null || (fault == SourceFault.AccessDenied && entry.IsDirectory))
        {
            yield return SourceItem.Of(ToSource(entry, path));
        }

        if (fault is { } kind)
        {
            yield return SourceItem.Of(Error(path, kind));
        }
    }

    private static SourceReadException Error(string path, SourceFault fault) => new(path, fault, fault switch
    {
        SourceFault.AccessDenied => "Access is denied (simulated).",
        SourceFault.Locked => "The file is used by another process (simulated).",
        SourceFault.Vanished => "The file is no longer there (simulated).",
        SourceFault.ReadError => "The device reported an I/O error (simulated).",
        SourceFault.ChangedWhileRead => "The file changed while it was read (simulated).",
        _ => "The name cannot be represented (simulated).",
    });

    private static SourceEntry ToSource(VolumeEntry entry, string path) => new()
    {
        Path = path,
        FileReference = entry.Reference.Value,
        ParentReference = path.Length == 0 ? entry.Reference.Value : entry.ParentReference.Value,
        Kind = entry.IsDirectory ? EntryKind.Directory : entry.IsForeign ? EntryKind.Special : EntryKind.File,
        Traits = EntryTraitsOf(entry),
        LinkCount = (uint)entry.LinkCount,
        Attributes = (uint)entry.Attributes,
        ReparseTag = entry.ReparseTag,
        ReparseData = entry.StoredReparseData,
        Times = entry.Times,
        Security = entry.Security,
        EncryptionInfo = entry.EfsInfo,
        Streams = entry is { IsForeign: true, IsDirectory: false } ? [] : [.. entry.Streams.Select(ToSource)],
    };

    private static SourceStream ToSource(VolumeStream stream) => new()
    {
        Name = stream.Name,
        SizeBytes = stream.SizeBytes,
        AllocatedBytes = stream.AllocatedBytes,
        Traits = TraitsOf(stream.Flags) | (stream.Name.Length == 0 ? EntryTraits.None : EntryTraits.NamedStream),
        RawSizeBytes = (stream.Flags & StreamFlags.Encrypted) == StreamFlags.None ? null : EfsCipher.RawLength(stream.SizeBytes),
    };

    private static EntryTraits EntryTraitsOf(VolumeEntry entry) =>
        (entry.IsDirectory ? EntryTraits.Directory : TraitsOf(entry.Streams[0].Flags))
        | (!entry.IsForeign ? EntryTraits.None : entry.IsDirectory ? EntryTraits.MountPoint : EntryTraits.Special)
        | (entry.LinkCount > 1 ? EntryTraits.HardLink : EntryTraits.None)
        | (entry.ReparseTag is null ? EntryTraits.None : EntryTraits.ReparsePoint);

    private static EntryTraits TraitsOf(StreamFlags flags) =>
        ((flags & StreamFlags.Sparse) != StreamFlags.None ? EntryTraits.Sparse : EntryTraits.None)
        | ((flags & StreamFlags.Compressed) != StreamFlags.None ? EntryTraits.Compressed : EntryTraits.None)
        | ((flags & StreamFlags.Encrypted) != StreamFlags.None ? EntryTraits.Encrypted : EntryTraits.None);

    private string Relative(string path) =>
        _folder.Length == 0 ? path : path.Length <= _folder.Length ? "" : path[(_folder.Length + 1)..];
}
