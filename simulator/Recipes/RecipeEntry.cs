using Harness.Engine.Model;
using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>What an entry of a recipe is.</summary>
public enum RecipeEntryType
{
    /// <summary>A file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A further name of a file.</summary>
    HardLink,

    /// <summary>A file or directory with a reparse point.</summary>
    ReparsePoint,

    /// <summary>A device, pipe or socket.</summary>
    Special,

    /// <summary>A directory that another volume is mounted on.</summary>
    MountPoint,
}

/// <summary>One explicit entry.</summary>
public sealed record RecipeEntry
{
    /// <summary>Where in the recipe.</summary>
    public required RecipePlace Place { get; init; }

    /// <summary>Path on the volume; missing directories above it are made.</summary>
    public required string Path { get; init; }

    /// <summary>What it is.</summary>
    public RecipeEntryType Type { get; init; }

    /// <summary>The file's own data.</summary>
    public RecipeStream Data { get; init; } = new();

    /// <summary>Attributes of the file; the storage of its own data is in <see cref="Data"/>.</summary>
    public RecipeAttributes Attributes { get; init; } = new();

    /// <summary>Makes states that NTFS refuses.</summary>
    public bool Force { get; init; }

    /// <summary>Named streams.</summary>
    public IReadOnlyList<RecipeStream> Streams { get; init; } = [];

    /// <summary>Reparse tag.</summary>
    public uint Tag { get; init; }

    /// <summary>The file that a hard link names, or where a reparse point leads.</summary>
    public string Target { get; init; } = "";

    /// <summary>Reparse data as it is, in place of <see cref="Target"/>; null where there is none.</summary>
    public ReadOnlyMemory<byte>? ReparseData { get; init; }

    /// <summary>Owner of a reparse tag that is not Microsoft's; null is none, or at the head of <see cref="ReparseData"/>.</summary>
    public Guid? ReparseGuid { get; init; }

    /// <summary>Short (8.3) name; null is the one that Windows gives, "" is none.</summary>
    public string? ShortName { get; init; }

    /// <summary>Object id; null is none.</summary>
    public ObjectIdBuffer? ObjectId { get; init; }

    /// <summary>Extended attributes.</summary>
    public IReadOnlyList<ExtendedAttribute> ExtendedAttributes { get; init; } = [];

    /// <summary>A directory in which names differ by case.</summary>
    public bool IsCaseSensitive { get; init; }

    /// <summary>Times; those that are null follow the clock.</summary>
    public EntryTimes Times { get; init; }

    /// <summary>Access control; null is inherited.</summary>
    public EntrySecurity? Security { get; init; }

    /// <summary>Names in all, those outside of the recipe included; 0 is as many as the recipe has.</summary>
    public int Links { get; init; }

    /// <summary>A reparse point that is a directory.</summary>
    public bool IsDirectory { get; init; }
}

/// <summary>One stream of an entry.</summary>
public sealed record RecipeStream
{
    /// <summary>Where in the recipe; null for a file's own data, which is at the entry.</summary>
    public RecipePlace? Place { get; init; }

    /// <summary>"" is the file's own data.</summary>
    public string Name { get; init; } = "";

    /// <summary>Logical size.</summary>
    public long Size { get; init; }

    /// <summary>How it is stored.</summary>
    public StreamFlags Flags { get; init; }

    /// <summary>Ranges of a sparse stream that hold data; null is all of it.</summary>
    public IReadOnlyList<ByteRange>? Allocated { get; init; }

    /// <summary>Bytes from the beginning that were written; null is all.</summary>
    public long? ValidBytes { get; init; }

    /// <summary>Content.</summary>
    public RecipeContent Content { get; init; } = new();

    /// <summary>Path of an earlier entry whose own data is copied, or "".</summary>
    public string DuplicateOf { get; init; } = "";
}

/// <summary>What bytes look like.</summary>
public sealed record RecipeContent
{
    /// <summary>Generator.</summary>
    public ContentProfile Profile { get; init; } = ContentProfile.Random;

    /// <summary>Literal bytes instead of generated ones; null is none.</summary>
    public ReadOnlyMemory<byte>? Literal { get; init; }
}

/// <summary>Attributes of a file, and how its own data is stored.</summary>
/// <param name="File">Bits that programs may set.</param>
/// <param name="Storage">Sparse, compressed, encrypted.</param>
/// <param name="Forced">Bits that they may not.</param>
public readonly record struct RecipeAttributes(FileAttributes File, StreamFlags Storage, FileAttributes Forced = default);
