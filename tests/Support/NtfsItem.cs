namespace Harness.Tests.Support;

/// <summary>One entry to make on an NTFS volume: what it is and how it is stored, nothing of how to make it.</summary>
internal sealed record NtfsItem
{
    /// <summary>Path with '/'; its directory is another item that comes earlier, or the root.</summary>
    internal required string Path { get; init; }

    internal bool IsDirectory { get; init; }

    /// <summary>Data of the unnamed stream; of an encrypted file the plain length that the ciphertext stands for.</summary>
    internal byte[] Content { get; init; } = [];

    /// <summary>Where <see cref="Content"/> lies in a sparse file, with a hole before it; null for a file without holes.</summary>
    internal long? HoleBytes { get; init; }

    /// <summary>The unnamed stream as the mount shows it; takes the place of the two above.</summary>
    internal NtfsData? Data { get; init; }

    internal bool IsCompressed { get; init; }

    internal bool IsEncrypted { get; init; }

    /// <summary>Attribute bits that programs set: read-only, hidden, system, archive.</summary>
    internal uint Attributes { get; init; }

    /// <summary>Tag, length and data as on disk; null for none.</summary>
    internal byte[]? ReparseData { get; init; }

    internal IReadOnlyList<NtfsStream> Streams { get; init; } = [];

    /// <summary>Makes this another name of an item that comes earlier.</summary>
    internal string? HardLinkTo { get; init; }

    internal string? DosName { get; init; }

    /// <summary>Self-relative security descriptor.</summary>
    internal byte[]? SecurityDescriptor { get; init; }

    /// <summary>Created, written, accessed as FILETIME.</summary>
    internal (long Created, long Written, long Accessed)? Times { get; init; }
}

/// <summary>One named stream. It is compressed or encrypted when its file is.</summary>
internal sealed record NtfsStream(string Name, byte[] Content)
{
    /// <summary>As <see cref="NtfsItem.HoleBytes"/>.</summary>
    internal long? HoleBytes { get; init; }

    /// <summary>As <see cref="NtfsItem.Data"/>.</summary>
    internal NtfsData? Data { get; init; }
}
