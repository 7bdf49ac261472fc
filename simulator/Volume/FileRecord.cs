namespace Harness.Simulator.Volume;

/// <summary>
/// One file or directory: 80 bytes. The common file (one name, one stream of one generated extent) needs nothing else; the
/// rare parts hang on <see cref="Extra"/>, which is replaced and never altered, so that a copied record is a snapshot of it.
/// </summary>
internal struct FileRecord
{
    public const byte InUse = 1;

    /// <summary>A special file, or a directory that another volume is mounted on.</summary>
    public const byte Foreign = 2;

    /// <summary>A directory whose names differ by case (FILE_CS_FLAG_CASE_SENSITIVE_DIR).</summary>
    public const byte CaseSensitive = 4;

    /// <summary>The first link was made as a further one: no short name belongs to it.</summary>
    public const byte FurtherFirst = 8;

    public long Created;
    public long Written;
    public long Changed;
    public long Accessed;

    /// <summary>Size of the unnamed stream.</summary>
    public long Size;

    /// <summary>Seed of the unnamed stream while it is one generated extent.</summary>
    public ulong Seed;

    public FileExtra? Extra;
    public FileAttributes Attributes;
    public int SecurityId;

    /// <summary>First link: index of the directory, and the name in it.</summary>
    public uint Parent;
    public uint NameRef;
    public ushort Sequence;
    public ushort LinkCount;

    /// <summary>Index of the content profile of the unnamed stream while it is one generated extent.</summary>
    public ushort ProfileId;
    public byte Flags;

    public readonly bool IsInUse => (Flags & InUse) != 0;

    public readonly bool IsDirectory => (Attributes & FileAttributes.Directory) != FileAttributes.None;

    public static bool Same(ref readonly FileRecord a, ref readonly FileRecord b) =>
        a.Created == b.Created && a.Written == b.Written && a.Changed == b.Changed && a.Accessed == b.Accessed
        && a.Size == b.Size && a.Seed == b.Seed && FileExtra.Same(a.Extra, b.Extra) && a.Attributes == b.Attributes
        && a.SecurityId == b.SecurityId && a.Parent == b.Parent && a.NameRef == b.NameRef && a.Sequence == b.Sequence
        && a.LinkCount == b.LinkCount && a.ProfileId == b.ProfileId && a.Flags == b.Flags;
}

/// <summary>The rare parts of a file. Replaced as a whole (<c>with</c>), never altered.</summary>
internal sealed record FileExtra
{
    public static readonly FileExtra None = new();

    /// <summary>Whether two are one, or those of one generated directory, which are made anew when they are asked for.</summary>
    public static bool Same(FileExtra? a, FileExtra? b) =>
        ReferenceEquals(a, b) || (a?.Children?.Generated is not null && a == b);

    /// <summary>Children of a directory.</summary>
    public DirectoryTree? Children { get; init; }

    /// <summary>The unnamed stream when it is more than one generated extent.</summary>
    public StreamState? Main { get; init; }

    /// <summary>Named streams in ordinal order of name.</summary>
    public NamedStream[] Streams { get; init; } = [];

    /// <summary>Second and further names.</summary>
    public FileLink[] MoreLinks { get; init; } = [];

    public uint ReparseTag { get; init; }

    public byte[]? ReparseData { get; init; }

    public byte[]? EfsInfo { get; init; }

    /// <summary>What fewer still have.</summary>
    public RareMetadata? Rare { get; init; }

    /// <summary>This with other rare parts; none at all when they are empty.</summary>
    public FileExtra With(RareMetadata rare) => this with { Rare = rare == RareMetadata.None ? null : rare };
}

internal readonly record struct NamedStream(string Name, StreamState State);

internal readonly record struct FileLink(uint Parent, uint NameRef);
