namespace Harness.Engine.Model;

/// <summary>Where a volume is, as far as the published rules distinguish.</summary>
public enum VolumeKind : byte
{
    /// <summary>A local fixed disk.</summary>
    Fixed = 0,

    /// <summary>Removable media.</summary>
    Removable = 1,

    /// <summary>A network share.</summary>
    Network = 2,
}

/// <summary>A file system as far as the published rules distinguish.</summary>
public enum FileSystemKind : byte
{
    /// <summary>Another file system; <see cref="VolumeInfo.FileSystemName"/> names it.</summary>
    Other = 0,

    /// <summary>NTFS.</summary>
    Ntfs = 1,

    /// <summary>ReFS.</summary>
    Refs = 2,

    /// <summary>FAT or exFAT.</summary>
    Fat = 3,
}

/// <summary>What a source tells of the volume it lies on.</summary>
public sealed record VolumeInfo
{
    /// <summary>File system.</summary>
    public required FileSystemKind FileSystem { get; init; }

    /// <summary>The file system's own name for people, such as "ext4" or "NTFS (ntfs-3g)".</summary>
    public required string FileSystemName { get; init; }

    /// <summary>Whether the file system tells names apart by case.</summary>
    public required bool IsCaseSensitive { get; init; }

    /// <summary>How <see cref="IsCaseSensitive"/> was found out, for the error text.</summary>
    public string CaseEvidence { get; init; } = "";

    /// <summary>Where the volume is.</summary>
    public VolumeKind Kind { get; init; }

    /// <summary>The volume cannot be written (VSS needs a writable volume).</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>The volume is offline.</summary>
    public bool IsOffline { get; init; }

    /// <summary>The volume is locked by BitLocker.</summary>
    public bool IsLocked { get; init; }

    /// <summary>Allocation unit in bytes.</summary>
    public int ClusterBytes { get; init; } = 4096;

    /// <summary>
    /// Whether <see cref="EntryTimes.Changed"/> moves with every change and cannot be set back by programs. Without it every
    /// file is read again in each run and compared page by page.
    /// </summary>
    public bool HasReliableChangeTime { get; init; }

    /// <summary>
    /// The coarsest step of <see cref="EntryTimes.Changed"/>. A file changed within one step before the snapshot is read again
    /// next time, since a later change could carry the same time.
    /// </summary>
    public TimeSpan ChangeTimeGranularity { get; init; } = TimeSpan.FromTicks(1);
}
