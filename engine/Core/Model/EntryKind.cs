namespace Harness.Engine.Model;

/// <summary>What an entry of the source is, apart from its attributes.</summary>
public enum EntryKind : byte
{
    /// <summary>A file with data.</summary>
    File = 1,

    /// <summary>A directory.</summary>
    Directory = 2,

    /// <summary>A symbolic link of a POSIX file system; it always carries <see cref="EntryTraits.ReparsePoint"/>.</summary>
    SymbolicLink = 3,

    /// <summary>A device, socket or pipe: no data to protect.</summary>
    Special = 4,
}
