namespace Harness.Engine.Model;

/// <summary>
/// One entry of a snapshot as the source shows it: a file, directory, link or special file with its metadata. Immutable.
/// </summary>
public sealed record SourceEntry
{
    /// <summary>Path relative to the source, components joined by '/', no leading slash; "" is the root itself.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// Identity within the source that survives a rename: NTFS file reference or inode number. Sources without such a thing
    /// give a hash of the path; then a rename looks like a deletion and a creation. All names of a hard-linked file share it.
    /// </summary>
    public required ulong FileReference { get; init; }

    /// <summary><see cref="FileReference"/> of the containing directory; the root's own for the root.</summary>
    public required ulong ParentReference { get; init; }

    /// <summary>Kind of entry.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>Traits of the entry and of its unnamed stream.</summary>
    public EntryTraits Traits { get; init; }

    /// <summary>Number of names (hard links), 1 or more. Names that only a file system makes (8.3) are not counted.</summary>
    public uint LinkCount { get; init; } = 1;

    /// <summary>Windows attribute bits (FILE_ATTRIBUTE_*); 0 where the source has none.</summary>
    public uint Attributes { get; init; }

    /// <summary>Reparse tag, or null where there is none. A POSIX symbolic link shows IO_REPARSE_TAG_SYMLINK 0xA000000C.</summary>
    public uint? ReparseTag { get; init; }

    /// <summary>
    /// Reparse data behind the eight bytes of its header (MS-FSCC 2.1.2.2), so of a tag without the Microsoft bit with the
    /// owner's GUID first; a POSIX symbolic link shows its target in the form of MS-FSCC 2.1.2.4. Empty where unknown.
    /// </summary>
    public ReadOnlyMemory<byte> ReparseData { get; init; }

    /// <summary>The four times.</summary>
    public EntryTimes Times { get; init; }

    /// <summary>Access control.</summary>
    public EntrySecurity Security { get; init; }

    /// <summary>The $EFS attribute or its like, needed with raw encrypted streams to decrypt after a restore; else empty.</summary>
    public ReadOnlyMemory<byte> EncryptionInfo { get; init; }

    /// <summary>Streams; for a file the unnamed one (Name "") comes first. A directory may have named streams only.</summary>
    public IReadOnlyList<SourceStream> Streams { get; init; } = [];

    /// <summary><see cref="Traits"/> with what the tag says: the rules tell files of data deduplication from other reparse points.</summary>
    public EntryTraits TaggedTraits =>
        ReparseTag == ReparseContent.DeduplicatedTag ? Traits | EntryTraits.ReparsePoint | EntryTraits.Deduplicated : Traits;

    /// <summary>The last component of <see cref="Path"/>; "" for the root.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
