using Harness.Engine.Model;

namespace Harness.Simulator.Volume;

/// <summary>What a simulated volume is before anything is on it. Checked when the volume is made.</summary>
public sealed record VolumeSettings
{
    private const long MaxNtfsClusters = uint.MaxValue;

    /// <summary>FAT32 numbers clusters with 28 bits, of which a few values are taken, and sectors of 512 bytes with 32.</summary>
    private const long MaxFat32Clusters = 268_435_444;

    private const long MaxFat32Bytes = 1L << 41;

    /// <summary>Name of the volume, also the default name of its data source.</summary>
    public string Label { get; init; } = "volume";

    /// <summary>Seed of everything on the volume that nobody gives a seed of its own.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Allocation unit: a power of two from 512 bytes to 2 MiB.</summary>
    public int ClusterBytes { get; init; } = 4096;

    /// <summary>Capacity; null is the most that NTFS addresses with this cluster size (2^32-1 clusters: 16 TiB at 4 KiB).</summary>
    public long? CapacityBytes { get; init; }

    /// <summary>File system. NTFS name and attribute rules apply to all but <see cref="FileSystemKind.Other"/>.</summary>
    public FileSystemKind FileSystem { get; init; } = FileSystemKind.Ntfs;

    /// <summary>The file system's name for people; null follows <see cref="FileSystem"/>.</summary>
    public string? FileSystemName { get; init; }

    /// <summary>What this file system can do.</summary>
    public VolumeFeatures Features => FileSystems.FeaturesOf(this);

    /// <summary>Whether the kind FAT is exFAT; its name for people says so.</summary>
    public bool IsExFat => FileSystem == FileSystemKind.Fat
        && string.Equals(FileSystemName, "exFAT", StringComparison.OrdinalIgnoreCase);

    /// <summary>Names that differ in case only are different names.</summary>
    public bool CaseSensitive { get; init; }

    /// <summary>
    /// Files get short (8.3) names beside long ones; the registry's NtfsDisable8dot3NameCreation says the opposite. Off, as
    /// Windows formats data volumes since Windows 8.
    /// </summary>
    public bool MakesShortNames { get; init; }

    /// <summary>Reading a file through a handle moves its access time; the registry's NtfsDisableLastAccessUpdate says the opposite.</summary>
    public bool UpdatesLastAccess { get; init; } = true;

    /// <summary>
    /// Seconds for which a file that takes the name of one that went keeps its creation time, short name and object id
    /// (file system tunneling; the registry's MaximumTunnelEntryAgeInSeconds). 0 turns that off, 15 is what Windows does.
    /// </summary>
    public int TunnelSeconds { get; init; } = 15;

    /// <summary>
    /// The change journal ($UsnJrnl:$J, in whole units) and the diff area of snapshots take space on the volume, as on a real
    /// one. Off, so that used and free bytes are those of the files alone.
    /// </summary>
    public bool ChargesInternalFiles { get; init; }

    /// <summary>Who works on the volume, and owns the files that have no security descriptor; a SID.</summary>
    public string UserSid { get; init; } = "S-1-5-21-1004336348-1177238915-682003330-1001";

    /// <summary>Quotas as the volume begins; null is none.</summary>
    public QuotaSettings? Quota { get; init; }

    /// <summary>Whoever works on the volume may make symbolic links (SeCreateSymbolicLinkPrivilege).</summary>
    public bool HasSymbolicLinkPrivilege { get; init; } = true;

    /// <summary>Whoever works on the volume may set the valid data length (SeManageVolumePrivilege).</summary>
    public bool HasManageVolumePrivilege { get; init; } = true;

    /// <summary>Where the volume is.</summary>
    public VolumeKind Kind { get; init; }

    /// <summary>No operation may change anything.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>The volume is offline.</summary>
    public bool IsOffline { get; init; }

    /// <summary>The volume is locked by BitLocker.</summary>
    public bool IsLocked { get; init; }

    /// <summary>Capacity with the default filled in.</summary>
    public long EffectiveCapacityBytes => CapacityBytes ?? MaxBytes;

    /// <summary>
    /// The largest file: 2^32 clusters less 64 KiB (16 TiB at 4 KiB clusters, 256 TiB at 64 KiB); on FAT32 4 GiB less one byte.
    /// </summary>
    public long MaxFileBytes => IsFat32 ? uint.MaxValue : ((MaxNtfsClusters + 1) * ClusterBytes) - (64 * 1024);

    internal bool IsFat32 => FileSystem == FileSystemKind.Fat && !IsExFat;

    private long MaxBytes => IsFat32
        ? Math.Min(MaxFat32Clusters * ClusterBytes, MaxFat32Bytes)
        : MaxNtfsClusters * ClusterBytes;

    /// <summary>
    /// Unit of compression, and of holes in sparse files: 16 clusters up to 4 KiB clusters (so 64 KiB at 4 KiB), above that
    /// 64 KiB or one cluster, whichever is larger; above 4 KiB clusters NTFS has no compression.
    /// </summary>
    public int UnitBytes => ClusterBytes <= 4096 ? ClusterBytes * 16 : Math.Max(ClusterBytes, 64 * 1024);

    /// <summary>
    /// Unit of holes in sparse streams where it is not <see cref="UnitBytes"/>: other file systems, and drivers other than
    /// Windows' own, make holes of one cluster. A power of two, from one cluster to the unit; null is the unit.
    /// </summary>
    public int? SparseUnitBytes { get; init; }

    /// <summary>Unit of holes with the default filled in.</summary>
    public int HoleUnitBytes => SparseUnitBytes ?? UnitBytes;

    /// <summary>Whether names, streams and attributes follow Windows.</summary>
    public bool HasWindowsRules => FileSystem != FileSystemKind.Other;

    /// <summary>Throws VolumeOperationInvalid when NTFS could not be formatted so.</summary>
    public void Validate()
    {
        if (MakesShortNames && (Features & VolumeFeatures.ShortNames) == VolumeFeatures.None)
        {
            throw VolumeError.Settings(
                $"{FileSystems.NameOf(this)} has no {FileSystems.NameOf(VolumeFeatures.ShortNames)}", "Use NTFS, or do without.");
        }

        if (ClusterBytes is < 512 or > 2 * 1024 * 1024 || (ClusterBytes & (ClusterBytes - 1)) != 0)
        {
            throw VolumeError.Settings(
                $"the cluster size is {ClusterBytes} bytes", "Choose a power of two from 512 bytes to 2 MiB.");
        }

        if (SparseUnitBytes is { } unit && (unit < ClusterBytes || unit > UnitBytes || (unit & (unit - 1)) != 0))
        {
            throw VolumeError.Settings(
                $"holes have units of {unit} bytes",
                $"Choose a power of two from the cluster, {ClusterBytes} bytes, to {UnitBytes} bytes.");
        }

        if (TunnelSeconds is < 0 or > 86_400)
        {
            throw VolumeError.Settings($"names tunnel for {TunnelSeconds} seconds", "Choose 0 (off) to 86,400.");
        }

        if (Quota is not null && (Features & VolumeFeatures.Quotas) == VolumeFeatures.None)
        {
            throw VolumeError.Settings(
                $"{FileSystems.NameOf(this)} has no {FileSystems.NameOf(VolumeFeatures.Quotas)}", "Use NTFS, or do without.");
        }

        if (FileSystem == FileSystemKind.Refs && ClusterBytes is not (4096 or 65536))
        {
            throw VolumeError.Settings($"ReFS has no clusters of {ClusterBytes} bytes", "Choose 4 KiB or 64 KiB.");
        }

        if (FileSystem is FileSystemKind.Fat && CaseSensitive)
        {
            throw VolumeError.Settings($"{FileSystems.NameOf(this)} has no case-sensitive names", "Use another file system.");
        }

        var maxBytes = MaxBytes;
        if (CapacityBytes is { } capacity && (capacity < ClusterBytes || capacity > maxBytes))
        {
            throw VolumeError.Settings(
                $"the capacity is {capacity} bytes, but {ClusterBytes}-byte clusters reach from one cluster to {maxBytes} bytes",
                "Choose larger clusters (64 KiB clusters reach 256 TiB) or another capacity.");
        }
    }
}
