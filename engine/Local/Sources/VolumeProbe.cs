using Harness.Engine.Local.Linux;
using Harness.Engine.Model;

namespace Harness.Engine.Local.Sources;

/// <summary>Finds out what the published rules want to know of the volume below a directory.</summary>
internal static unsafe class VolumeProbe
{
    private static readonly HashSet<string> Network = new(StringComparer.Ordinal)
    {
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "afs", "lustre", "glusterfs",
        "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.ceph-fuse", "fuse.davfs",
    };

    // Local file systems whose ctime the kernel moves with each change and that programs cannot set.
    private static readonly HashSet<string> WithChangeTime = new(StringComparer.Ordinal)
    {
        "ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs", "ramfs", "f2fs", "zfs", "bcachefs", "overlay", "jfs", "nilfs2",
    };

    internal static VolumeInfo Describe(SourceRoot root)
    {
        var mount = root.Mount;
        var type = mount?.FileSystemType ?? "unknown";
        var (isCaseSensitive, evidence) = CaseProbe.Find(root);
        NativeMethods.StatFsBuffer space;
        var clusterBytes = NativeMethods.FStatFs(root.Handle, &space) == 0 && space.FragmentSize is > 0 and <= int.MaxValue
            ? (int)space.FragmentSize
            : 4096;
        return new VolumeInfo
        {
            FileSystem = KindOf(root, type),
            FileSystemName = root.IsNtfs ? NtfsMount.DisplayName(mount!) : type,
            IsCaseSensitive = isCaseSensitive,
            CaseEvidence = evidence,
            Kind = Network.Contains(type) ? VolumeKind.Network
                : mount?.IsRemovable() == true ? VolumeKind.Removable
                : VolumeKind.Fixed,
            IsReadOnly = mount?.IsReadOnly == true,
            ClusterBytes = clusterBytes,
            HasReliableChangeTime = root.IsNtfs || WithChangeTime.Contains(type),
            ChangeTimeGranularity = Granularity(root, type),
        };
    }

    private static FileSystemKind KindOf(SourceRoot root, string type) => type switch
    {
        _ when root.IsNtfs => FileSystemKind.Ntfs,
        "vfat" or "msdos" or "exfat" => FileSystemKind.Fat,
        _ => FileSystemKind.Other,
    };

    private static TimeSpan Granularity(SourceRoot root, string type)
    {
        if (root.IsNtfs)
        {
            // The driver reads the clock for each change: 100 ns.
            return TimeSpan.FromTicks(1);
        }

        if (type is "vfat" or "msdos" or "exfat")
        {
            return TimeSpan.FromSeconds(2);
        }

        // Inodes of 128 bytes have neither a birth time nor room for fractions of a second.
        var hasWholeSecondsOnly = type.StartsWith("ext", StringComparison.Ordinal) && root.Status.Times.Created is null;
        return hasWholeSecondsOnly ? TimeSpan.FromSeconds(1) : TimeSpan.FromMilliseconds(10);
    }
}
