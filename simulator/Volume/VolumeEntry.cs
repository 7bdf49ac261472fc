using Harness.Engine.Model;

namespace Harness.Simulator.Volume;

/// <summary>A file or directory under one of its names, as it was when it was looked up. Immutable.</summary>
public sealed record VolumeEntry
{
    /// <summary>Path from the root, components joined by '/', in the case that the volume keeps; "" is the root.</summary>
    public required string Path { get; init; }

    /// <summary>Identity that survives a rename.</summary>
    public required FileReference Reference { get; init; }

    /// <summary>The directory that holds this name; the root's own for the root.</summary>
    public required FileReference ParentReference { get; init; }

    /// <summary>What kind of name the path ends in.</summary>
    public LinkNamespace Namespace { get; init; }

    /// <summary>The short (8.3) name that belongs to this name; null where there is none, as for a name that is one itself.</summary>
    public string? ShortName => Rare?.ShortName;

    /// <summary>Attributes.</summary>
    public required FileAttributes Attributes { get; init; }

    /// <summary>Number of names.</summary>
    public required int LinkCount { get; init; }

    /// <summary>The four times.</summary>
    public required EntryTimes Times { get; init; }

    /// <summary>Access control.</summary>
    public required EntrySecurity Security { get; init; }

    /// <summary>Reparse tag; null where there is none.</summary>
    public uint? ReparseTag { get; init; }

    /// <summary>Reparse data.</summary>
    public ReadOnlyMemory<byte> ReparseData { get; init; }

    /// <summary>GUID of the owner of a reparse point whose tag is not Microsoft's; null for others.</summary>
    public Guid? ReparseGuid => Rare?.ReparseGuid;

    /// <summary>Object id; null where there is none.</summary>
    public ObjectIdBuffer? ObjectId => Rare?.ObjectId;

    /// <summary>Extended attributes in ordinal order of name.</summary>
    public IReadOnlyList<ExtendedAttribute> ExtendedAttributes => Rare?.ExtendedAttributes ?? [];

    /// <summary>Of a directory, whether names in it differ by case: by its own flag, or on the whole volume.</summary>
    public bool IsCaseSensitive { get; init; }

    /// <summary>The stand-in for the $EFS attribute; empty where there is none.</summary>
    public ReadOnlyMemory<byte> EfsInfo { get; init; }

    /// <summary>Streams: of a file the unnamed one first, then named ones in ordinal order.</summary>
    public required IReadOnlyList<VolumeStream> Streams { get; init; }

    /// <summary>A special file (device, pipe, socket), or a directory that another volume is mounted on.</summary>
    public bool IsForeign { get; init; }

    /// <summary>Whether this is a directory.</summary>
    public bool IsDirectory => (Attributes & FileAttributes.Directory) != FileAttributes.None;

    /// <summary>What few files have, so that the entries of all others stay small.</summary>
    internal RareEntryParts? Rare { get; init; }

    /// <summary>The reparse point behind its common header, as on disk: the GUID of its owner if it has one, then the data.</summary>
    internal ReadOnlyMemory<byte> StoredReparseData =>
        ReparseGuid is { } guid ? (byte[])[.. guid.ToByteArray(), .. ReparseData.Span] : ReparseData;

    /// <summary>The last component of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>One stream of an entry.</summary>
/// <param name="Name">"" is the unnamed stream.</param>
/// <param name="SizeBytes">Logical size.</param>
/// <param name="AllocatedBytes">Clusters in bytes.</param>
/// <param name="Flags">How it is stored.</param>
public sealed record VolumeStream(string Name, long SizeBytes, long AllocatedBytes, StreamFlags Flags)
{
    /// <summary>Bytes at the end that were never written: allocated, and read as zeros.</summary>
    public long UninitializedBytes { get; init; }

    /// <summary>The valid data length: bytes from the beginning that were written, or zeroed.</summary>
    public long ValidDataBytes => SizeBytes - UninitializedBytes;
}

/// <summary>The rarer parts of an entry.</summary>
internal sealed record RareEntryParts(
    string? ShortName, Guid? ReparseGuid, ObjectIdBuffer? ObjectId, IReadOnlyList<ExtendedAttribute> ExtendedAttributes);
