using Harness.Engine.Model;

namespace Harness.Simulator.Volume;

/// <summary>What a file system can do, where file systems differ ("File System Functionality Comparison", Win32 docs).</summary>
[Flags]
public enum VolumeFeatures
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Named streams.</summary>
    NamedStreams = 1,

    /// <summary>Sparse streams.</summary>
    SparseFiles = 1 << 1,

    /// <summary>Compression of files by the file system.</summary>
    Compression = 1 << 2,

    /// <summary>Encryption of files by the file system (EFS).</summary>
    Encryption = 1 << 3,

    /// <summary>Several names of one file.</summary>
    HardLinks = 1 << 4,

    /// <summary>Reparse points, so symbolic links and junctions.</summary>
    ReparsePoints = 1 << 5,

    /// <summary>Access control.</summary>
    Security = 1 << 6,

    /// <summary>Object ids.</summary>
    ObjectIds = 1 << 7,

    /// <summary>Extended attributes.</summary>
    ExtendedAttributes = 1 << 8,

    /// <summary>Short (8.3) names beside long ones.</summary>
    ShortNames = 1 << 9,

    /// <summary>Quotas by owner.</summary>
    Quotas = 1 << 10,

    /// <summary>A change journal.</summary>
    ChangeJournal = 1 << 11,

    /// <summary>Directories with a case rule of their own.</summary>
    CaseSensitiveDirectories = 1 << 12,

    /// <summary>A valid data length that programs can set.</summary>
    ValidDataLength = 1 << 13,

    /// <summary>Checksums over the data of a file (integrity streams).</summary>
    IntegrityStreams = 1 << 14,
}

/// <summary>The features of each kind of file system.</summary>
internal static class FileSystems
{
    private const VolumeFeatures Ntfs = VolumeFeatures.NamedStreams | VolumeFeatures.SparseFiles | VolumeFeatures.Compression
        | VolumeFeatures.Encryption | VolumeFeatures.HardLinks | VolumeFeatures.ReparsePoints | VolumeFeatures.Security
        | VolumeFeatures.ObjectIds | VolumeFeatures.ExtendedAttributes | VolumeFeatures.ShortNames | VolumeFeatures.Quotas
        | VolumeFeatures.ChangeJournal | VolumeFeatures.CaseSensitiveDirectories | VolumeFeatures.ValidDataLength;

    /// <summary>Hard links since version 3.5 (Windows Server 2022), MS-FSA appendix A note 1.</summary>
    private const VolumeFeatures Refs = VolumeFeatures.NamedStreams | VolumeFeatures.SparseFiles | VolumeFeatures.HardLinks
        | VolumeFeatures.ReparsePoints | VolumeFeatures.Security | VolumeFeatures.ChangeJournal
        | VolumeFeatures.ValidDataLength | VolumeFeatures.IntegrityStreams;

    /// <summary>FAT32 gives short names too; they are not part of the model there.</summary>
    private const VolumeFeatures Fat = VolumeFeatures.None;

    private const VolumeFeatures ExFat = VolumeFeatures.ValidDataLength;

    /// <summary>
    /// A Linux guest's file system: symbolic links are reparse points here, extended attributes those of Linux, compression that
    /// of btrfs, encryption that of ext4.
    /// </summary>
    private const VolumeFeatures Other = VolumeFeatures.SparseFiles | VolumeFeatures.Compression | VolumeFeatures.Encryption
        | VolumeFeatures.HardLinks | VolumeFeatures.ReparsePoints
        | VolumeFeatures.Security | VolumeFeatures.ExtendedAttributes;

    public static VolumeFeatures FeaturesOf(VolumeSettings settings) => settings.FileSystem switch
    {
        FileSystemKind.Ntfs => Ntfs,
        FileSystemKind.Refs => Refs,
        FileSystemKind.Fat => settings.IsExFat ? ExFat : Fat,
        _ => Other,
    };

    public static string NameOf(VolumeSettings settings) => settings.FileSystemName ?? settings.FileSystem switch
    {
        FileSystemKind.Ntfs => "NTFS",
        FileSystemKind.Refs => "ReFS",
        FileSystemKind.Fat => "FAT32",
        _ => "this file system",
    };

    public static string NameOf(VolumeFeatures feature) => feature switch
    {
        VolumeFeatures.NamedStreams => "named streams",
        VolumeFeatures.SparseFiles => "sparse files",
        VolumeFeatures.Compression => "compression of files",
        VolumeFeatures.Encryption => "encryption of files",
        VolumeFeatures.HardLinks => "hard links",
        VolumeFeatures.ReparsePoints => "reparse points",
        VolumeFeatures.Security => "access control",
        VolumeFeatures.ObjectIds => "object ids",
        VolumeFeatures.ExtendedAttributes => "extended attributes",
        VolumeFeatures.ShortNames => "short names",
        VolumeFeatures.Quotas => "quotas",
        VolumeFeatures.ChangeJournal => "change journal",
        VolumeFeatures.CaseSensitiveDirectories => "case-sensitive directories",
        VolumeFeatures.IntegrityStreams => "integrity streams",
        _ => "valid data length to set",
    };
}
