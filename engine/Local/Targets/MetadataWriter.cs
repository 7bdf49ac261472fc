using System.Buffers.Binary;
using Harness.Engine.Local.Linux;
using Harness.Engine.Local.Ntfs;
using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Targets;

/// <summary>Sets security, attributes and times of an open file or directory, times last; what cannot be set becomes a note.</summary>
internal static unsafe class MetadataWriter
{
    private const uint DefaultFileMode = 0x1a4; // 0644
    private const uint DefaultDirectoryMode = 0x1ed; // 0755
    private const uint SetIdBits = 0xc00; // 06000

    /// <summary>Sets everything of a file that is as <paramref name="now"/> says.</summary>
    internal static void Apply(
        SafeFileHandle handle, in FileStatus now, string path, RestoreMetadata metadata, bool isNtfs, List<string> notes)
    {
        ApplySecurity(handle, now, metadata, isNtfs, notes);
        ApplyAttributes(handle, metadata, isNtfs, notes);
        if (!(isNtfs && TrySetNtfsTimes(handle, metadata.Times)))
        {
            ApplyTimes(handle, path, metadata.Times);
        }
    }

    /// <summary>Gives raw streams the EFS information that belongs to them, or a directory the mark that new files are encrypted.</summary>
    internal static void ApplyEncryption(
        SafeFileHandle handle, RestoreMetadata metadata, bool hasRawStream, bool isNtfs, List<string> notes)
    {
        var isDirectory = metadata.Kind == EntryKind.Directory;
        if (metadata.EncryptionInfo.IsEmpty)
        {
            if (hasRawStream)
            {
                notes.Add("encrypted data is kept as ciphertext; the recovery point holds no EFS information for it");
            }

            return;
        }

        var errno = isNtfs
            ? LinuxFile.SetAttribute(handle, NtfsAttributeNames.EfsInfo, metadata.EncryptionInfo.Span)
            : Errno.NotSupported;
        if (errno != 0)
        {
            notes.Add(isDirectory
                ? $"encryption of new files is not kept here: {Errno.Describe(errno)}"
                : $"encrypted data is kept as ciphertext, without its EFS information: {Errno.Describe(errno)}");
        }
    }

    private static void ApplySecurity(SafeFileHandle handle, in FileStatus now, RestoreMetadata metadata, bool isNtfs, List<string> notes)
    {
        var isDirectory = metadata.Kind == EntryKind.Directory;
        var mode = isDirectory ? DefaultDirectoryMode : DefaultFileMode;
        if (metadata.Security.ToPosix() is { } posix)
        {
            mode = ApplyOwner(handle, now, posix, notes);
        }

        if (NativeMethods.FChMod(handle, mode) != 0)
        {
            notes.Add($"permissions: {Errno.Describe(Errno.Last)}");
        }

        if (metadata.Security.Kind == SecurityKind.Windows)
        {
            var errno = isNtfs
                ? LinuxFile.SetAttribute(handle, NtfsAttributeNames.Acl, metadata.Security.Bytes.Span)
                : Errno.NotSupported;
            if (errno != 0)
            {
                notes.Add($"Windows access control: {Errno.Describe(errno)}");
            }
        }
    }

    /// <summary>Sets the owner and gives the mode that is safe to set after it.</summary>
    private static uint ApplyOwner(
        SafeFileHandle handle, in FileStatus now, (uint Mode, uint Uid, uint Gid) posix, List<string> notes)
    {
        if (now.Uid == posix.Uid && now.Gid == posix.Gid)
        {
            return posix.Mode;
        }

        if (NativeMethods.FChOwn(handle, posix.Uid, posix.Gid) == 0)
        {
            return posix.Mode;
        }

        // A set-user-id bit on a file that now belongs to somebody else would lend out the wrong identity.
        notes.Add($"owner {posix.Uid}:{posix.Gid}: {Errno.Describe(Errno.Last)}");
        return posix.Mode & ~SetIdBits;
    }

    internal static void ApplyAttributes(SafeFileHandle handle, RestoreMetadata metadata, bool isNtfs, List<string> notes)
    {
        if (!isNtfs)
        {
            NoteWhatPosixLacks(metadata, notes);
            return;
        }

        if (metadata.Attributes == 0 && metadata.Security.Kind != SecurityKind.Windows)
        {
            // Not of a Windows volume: it says nothing about attributes.
            return;
        }

        var isDirectory = metadata.Kind == EntryKind.Directory;
        Span<byte> value = stackalloc byte[4];
        var wanted = metadata.Attributes & (NtfsAttributes.Settable | (isDirectory ? NtfsAttributes.Compressed : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(value, wanted);
        var errno = LinuxFile.SetAttribute(handle, NtfsAttributeNames.Attributes, value);
        if (errno != 0)
        {
            notes.Add($"attributes: {Errno.Describe(errno)}");
        }
    }

    private static void NoteWhatPosixLacks(RestoreMetadata metadata, List<string> notes)
    {
        if (metadata.Attributes == 0 && (metadata.Traits & EntryTraits.Compressed) == EntryTraits.None)
        {
            return;
        }

        (uint Bit, string Name)[] known =
        [
            (NtfsAttributes.ReadOnly, "read-only"), (NtfsAttributes.Hidden, "hidden"), (NtfsAttributes.System, "system"),
            (NtfsAttributes.Temporary, "temporary"), (NtfsAttributes.Offline, "offline"),
            (NtfsAttributes.NotContentIndexed, "not-content-indexed"),
        ];
        var lost = known.Where(item => (metadata.Attributes & item.Bit) != 0).Select(item => item.Name).ToList();
        if ((metadata.Traits & EntryTraits.Compressed) != EntryTraits.None)
        {
            lost.Add("compressed");
        }

        if (lost.Count > 0)
        {
            notes.Add($"attributes not kept here: {string.Join(", ", lost)}");
        }
    }

    private static bool TrySetNtfsTimes(SafeFileHandle handle, EntryTimes times)
    {
        if (times.Created is not { } created || times.Written is not { } written)
        {
            return false;
        }

        Span<byte> value = stackalloc byte[24];
        BinaryPrimitives.WriteInt64LittleEndian(value, created.ToFileTime());
        BinaryPrimitives.WriteInt64LittleEndian(value[8..], written.ToFileTime());
        BinaryPrimitives.WriteInt64LittleEndian(value[16..], (times.Accessed ?? written).ToFileTime());
        return LinuxFile.SetAttribute(handle, NtfsAttributeNames.Times, value) == 0;
    }

    private static void ApplyTimes(SafeFileHandle handle, string path, EntryTimes times)
    {
        var pair = stackalloc NativeMethods.TimeSpec[2];
        pair[0] = ToTimeSpec(times.Accessed);
        pair[1] = ToTimeSpec(times.Written);
        if (NativeMethods.FUTimeNs(handle, pair) != 0)
        {
            throw TargetErrors.At(path, Errno.Last);
        }
    }

    private static NativeMethods.TimeSpec ToTimeSpec(Timestamp? time) => time is { } known
        ? new NativeMethods.TimeSpec { Seconds = known.UnixSeconds, Nanoseconds = known.Nanoseconds }
        : new NativeMethods.TimeSpec { Nanoseconds = NativeMethods.TimeSpec.Omit };
}
