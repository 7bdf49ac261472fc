namespace Harness.Engine.Model;

/// <summary>
/// The properties of one entry or stream that the published rules decide on. A trait says how the data is stored, not
/// what an attribute bit claims: a source port sets it from the attribute, the link count, or the reparse data.
/// </summary>
[Flags]
public enum EntryTraits : ushort
{
    /// <summary>Ordinary.</summary>
    None = 0,

    /// <summary>Encrypted by the file system (EFS).</summary>
    Encrypted = 1 << 0,

    /// <summary>Compressed by the file system (LZNT1).</summary>
    Compressed = 1 << 1,

    /// <summary>Sparse.</summary>
    Sparse = 1 << 2,

    /// <summary>The file has more than one name.</summary>
    HardLink = 1 << 3,

    /// <summary>The entry carries a reparse point, symbolic links included.</summary>
    ReparsePoint = 1 << 4,

    /// <summary>The entry is a named stream, not a file's own data.</summary>
    NamedStream = 1 << 5,

    /// <summary>The entry is a directory.</summary>
    Directory = 1 << 6,

    /// <summary>The entry is a device, socket or pipe.</summary>
    Special = 1 << 7,

    /// <summary>Another file system is mounted on the directory.</summary>
    MountPoint = 1 << 8,

    /// <summary>
    /// The file's data was optimized by Windows data deduplication: it carries IO_REPARSE_TAG_DEDUP, beside
    /// <see cref="ReparsePoint"/>, and what a program reads is the data put together again.
    /// </summary>
    Deduplicated = 1 << 9,
}
