using System.Buffers.Binary;
using System.Text;
using Harness.Engine.Errors;
using Harness.Engine.Local.Linux;
using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Targets;

/// <summary>
/// Makes reparse points and further names of files: on NTFS any tag with its data, elsewhere symbolic links. Each is made under a
/// temporary name and renamed, and none is followed on the way.
/// </summary>
internal static class LinkWriter
{
    private const uint ReparseAttribute = 0x400;
    private const uint MicrosoftTag = 0x80000000;
    private const int OwnerBytes = 16;
    private const int HeaderBytes = 8;
    private const int SymbolicLinkHeaderBytes = 12;
    private const uint PrivateDirectory = 0x1c0;

    /// <summary>Makes a reparse point in an open directory; returns what is lost of it.</summary>
    internal static IReadOnlyList<string> Create(
        SafeFileHandle directory, string name, string path, RestoreMetadata metadata, ReparseContent reparse, bool isNtfs, string temporary)
    {
        var notes = new List<string>();
        if (isNtfs)
        {
            PutReparseData(directory, temporary, path, metadata, reparse, notes);
        }
        else
        {
            PutSymbolicLink(directory, temporary, path, reparse);
            notes.Add("times and access control of the link");
        }

        Rename(directory, temporary, name, path, reparse.IsDirectory && isNtfs);
        return notes;
    }

    /// <summary>
    /// Gives a file a further name, and sets its metadata again where that can bring back what a link moves; false where the
    /// file system has no hard links.
    /// </summary>
    internal static bool Link(
        SafeFileHandle fromDirectory,
        string from,
        SafeFileHandle directory,
        string name,
        string path,
        RestoreMetadata? metadata,
        string temporary)
    {
        if (NativeMethods.LinkAt(fromDirectory, from, directory, temporary, 0) != 0)
        {
            return false;
        }

        Rename(directory, temporary, name, path, isDirectory: false);
        using var handle = metadata is null ? null : LinuxFile.TryOpenForReading(directory, name);
        if (handle is not null && FileStatus.TryGet(handle, out var status))
        {
            MetadataWriter.Apply(handle, status, path, metadata!, isNtfs: true, []);
        }

        return true;
    }

    private static void PutSymbolicLink(SafeFileHandle directory, string name, string path, ReparseContent reparse)
    {
        if (reparse.Tag != ReparseContent.SymbolicLinkTag || TargetOf(reparse.Data.Span) is not { Length: > 0 } target)
        {
            throw new BackupException(
                ErrorCode.PlatformUnsupported,
                $"'{path}' is a reparse point of tag 0x{reparse.Tag:X8}, which the file system of the target does not have.",
                "Restore to an NTFS volume to keep it.");
        }

        if (NativeMethods.SymLinkAt(target, directory, name) != 0)
        {
            throw TargetErrors.At(path, Errno.Last);
        }
    }

    private static void PutReparseData(
        SafeFileHandle directory, string name, string path, RestoreMetadata metadata, ReparseContent reparse, List<string> notes)
    {
        if (reparse.IsDirectory && NativeMethods.MkDirAt(directory, name, PrivateDirectory) != 0)
        {
            throw TargetErrors.At(path, Errno.Last);
        }

        const int make = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive;
        using var handle = reparse.IsDirectory
            ? LinuxFile.TryOpenDirectory(directory, name)
            : LinuxFile.TryOpen(directory, name, make | OpenFlags.NoFollow, FileWriter.PrivateFile);
        if (handle is null)
        {
            throw TargetErrors.At(path, Errno.Last);
        }

        _ = FileStatus.TryGet(handle, out var status);
        MetadataWriter.Apply(handle, status, path, metadata with { Attributes = metadata.Attributes & ~ReparseAttribute }, isNtfs: true, notes);
        var data = new byte[HeaderBytes + reparse.Data.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(data, reparse.Tag);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(4), LengthOf(reparse));
        reparse.Data.Span.CopyTo(data.AsSpan(HeaderBytes));
        if (LinuxFile.SetAttribute(handle, NtfsAttributeNames.ReparseData, data) is var errno and not 0)
        {
            _ = NativeMethods.UnlinkAt(directory, name, reparse.IsDirectory ? NativeMethods.AtRemoveDirectory : 0);
            throw new BackupException(
                ErrorCode.PlatformUnsupported,
                $"The target does not take the reparse point '{path}': {Errno.Describe(errno)}.",
                "Restore it on Windows, or with a driver that takes reparse data.");
        }
    }

    /// <summary>The length in the header: the GUID of the owner of a tag that is not Microsoft's does not count (MS-FSCC 2.1.2.3).</summary>
    private static ushort LengthOf(ReparseContent reparse) =>
        (ushort)((reparse.Tag & MicrosoftTag) == 0 ? Math.Max(0, reparse.Data.Length - OwnerBytes) : reparse.Data.Length);

    /// <summary>A directory does not take the place of a file by itself.</summary>
    private static void Rename(SafeFileHandle directory, string temporary, string name, string path, bool isDirectory)
    {
        if (isDirectory)
        {
            _ = NativeMethods.UnlinkAt(directory, name, 0);
        }

        if (NativeMethods.RenameAt(directory, temporary, directory, name) == 0)
        {
            // Two names of one file: a rename between them does nothing at all.
            _ = NativeMethods.UnlinkAt(directory, temporary, 0);
            return;
        }

        var errno = Errno.Last;
        _ = NativeMethods.UnlinkAt(directory, temporary, isDirectory ? NativeMethods.AtRemoveDirectory : 0);
        throw TargetErrors.At(path, errno);
    }

    /// <summary>The print name of a symbolic link, or where it has none its substitute name (MS-FSCC 2.1.2.4); null when malformed.</summary>
    private static string? TargetOf(ReadOnlySpan<byte> data)
    {
        if (data.Length < SymbolicLinkHeaderBytes)
        {
            return null;
        }

        var names = data[SymbolicLinkHeaderBytes..];
        foreach (var at in new[] { 4, 0 })
        {
            var offset = BinaryPrimitives.ReadUInt16LittleEndian(data[at..]);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(data[(at + 2)..]);
            if (length > 0)
            {
                var target = offset + length <= names.Length ? Encoding.Unicode.GetString(names.Slice(offset, length)) : "";
                return target.Contains('\0', StringComparison.Ordinal) ? null : target;
            }
        }

        return null;
    }
}
