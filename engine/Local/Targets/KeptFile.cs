using Harness.Engine.Local.Linux;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Targets;

/// <summary>A file that a restore leaves as it is, for it holds the right bytes already; its metadata is set.</summary>
internal static unsafe class KeptFile
{
    /// <summary>Access that goes beyond the permission bits, which a new file would not have.</summary>
    private const string PosixAcl = "system.posix_acl_access";

    /// <summary>Notes on what could not be set; null where the file is not as a restore would have made it.</summary>
    internal static IReadOnlyList<string>? TryKeep(
        SafeFileHandle directory, string name, string path, RestoreMetadata metadata, RestoreStream stream)
    {
        // Asked before it is opened: opening a device can do something.
        if (!FileStatus.TryGet(directory, name, out var before) || !before.IsRegular)
        {
            return null;
        }

        using var file = LinuxFile.TryOpenForReading(directory, name);
        if (file is null || !FileStatus.TryGet(file, out var status) || !status.IsSameFile(before) || !IsAsMade(file, status, stream))
        {
            return null;
        }

        var notes = new List<string>();
        MetadataWriter.Apply(file, status, path, metadata, isNtfs: false, notes);
        return notes;
    }

    private static bool IsAsMade(SafeFileHandle file, in FileStatus status, RestoreStream stream) =>
        status.LinkCount == 1 && status.SizeBytes == stream.SizeBytes
        && ((stream.Traits & EntryTraits.Sparse) == EntryTraits.None || status.AllocatedBytes <= stream.AllocatedBytes)
        && NativeMethods.FGetXAttr(file, PosixAcl, null, 0) < 0;
}
