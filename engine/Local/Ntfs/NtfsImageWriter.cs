using System.Buffers.Binary;
using System.Text;
using Harness.Engine.Local.Linux;
using Harness.Engine.Local.Sources;
using Harness.Engine.Model;

namespace Harness.Engine.Local.Ntfs;

/// <summary>
/// Writes entries to a mounted NTFS volume by the means that ntfs-3g has. Each call gives null when it is done, else the
/// system's reason. Paths are relative to the mount with '/', a stream is <c>path:stream</c>. One thread.
/// </summary>
/// <param name="root">The mount point.</param>
public sealed class NtfsImageWriter(string root)
{
    private const uint CompressedDirectory = NtfsAttributes.Compressed;
    private const int EfsInfoBytes = 760;
    private const int EfsCustomOffset = 128;
    private const string Staging = ".harness-staging";

    /// <summary>Creates a directory.</summary>
    public string? CreateDirectory(string path) =>
        Told(NativeMethods.MkDirAt(NativeMethods.AtCurrent, At(path), 0x1ff) == 0);

    /// <summary>Creates an empty file: the driver compresses what is born in a compressed directory.</summary>
    public string? CreateFile(string path, bool isCompressed)
    {
        if (!isCompressed)
        {
            return Create(At(path));
        }

        var folder = At(Staging);
        var born = Path.Combine(folder, "file");
        var error = CreateDirectory(Staging) ?? Set(folder, NtfsAttributeNames.Attributes, Number(CompressedDirectory))
            ?? Create(born)
            ?? Told(NativeMethods.RenameAt(NativeMethods.AtCurrent, born, NativeMethods.AtCurrent, At(path)) == 0);
        return Told(NativeMethods.UnlinkAt(NativeMethods.AtCurrent, folder, NativeMethods.AtRemoveDirectory) == 0) ?? error;
    }

    /// <summary>Gives a file another name.</summary>
    public string? Link(string existing, string path) => Told(
        NativeMethods.LinkAt(NativeMethods.AtCurrent, At(existing), NativeMethods.AtCurrent, At(path), 0) == 0);

    /// <summary>Sets the size of a file or of a stream, which is created.</summary>
    public string? SetLength(string path, long sizeBytes)
    {
        using var file = LinuxFile.TryOpen(NativeMethods.AtCurrent, At(path), OpenFlags.WriteOnly | OpenFlags.Create, 0x1b6);
        return file is null ? Told(false) : Told(NativeMethods.FTruncate(file, sizeBytes) == 0);
    }

    /// <summary>Writes bytes.</summary>
    public string? Write(string path, long offset, ReadOnlySpan<byte> content)
    {
        using var file = LinuxFile.TryOpen(NativeMethods.AtCurrent, At(path), OpenFlags.WriteOnly);
        return file is null ? Told(false) : Words(LinuxFile.Write(file, offset, content));
    }

    /// <summary>Turns a file of raw ciphertext into an encrypted one.</summary>
    public string? SetEncryption(string path, ReadOnlySpan<byte> info)
    {
        // The driver looks at length and version of the $EFS attribute; what the source has lies behind its header.
        var efs = new byte[EfsInfoBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(efs, EfsInfoBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(efs.AsSpan(8), 2);
        info[..Math.Min(info.Length, EfsInfoBytes - EfsCustomOffset)].CopyTo(efs.AsSpan(EfsCustomOffset));
        return Set(At(path), NtfsAttributeNames.EfsInfo, efs);
    }

    /// <summary>Sets attributes; the driver ignores those that it does not take.</summary>
    public string? SetAttributes(string path, uint attributes)
    {
        var isDirectory = FileStatus.TryGet(NativeMethods.AtCurrent, At(path), out var status) && status.IsDirectory;
        var taken = attributes & (NtfsAttributes.Settable | (isDirectory ? CompressedDirectory : 0));
        return Set(At(path), NtfsAttributeNames.Attributes, Number(taken));
    }

    /// <summary>Sets creation, write and access time; one that is unknown takes another that is known.</summary>
    public string? SetTimes(string path, EntryTimes times)
    {
        if ((times.Written ?? times.Created ?? times.Accessed) is not { } known)
        {
            return null;
        }

        var value = new byte[24];
        BinaryPrimitives.WriteInt64LittleEndian(value, (times.Created ?? known).ToFileTime());
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(8), (times.Written ?? known).ToFileTime());
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(16), (times.Accessed ?? known).ToFileTime());
        return Set(At(path), NtfsAttributeNames.Times, value);
    }

    /// <summary>Sets a self-relative security descriptor.</summary>
    public string? SetSecurity(string path, ReadOnlySpan<byte> descriptor) => Set(At(path), NtfsAttributeNames.Acl, descriptor);

    /// <summary>Makes a reparse point.</summary>
    public string? SetReparse(string path, uint tag, ReadOnlySpan<byte> data)
    {
        const uint microsoftBit = 0x80000000;
        const int headerBytes = 8;
        const int guidBytes = 16;
        var buffer = new byte[headerBytes + data.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, tag);
        var counted = (tag & microsoftBit) == 0 ? Math.Max(data.Length - guidBytes, 0) : data.Length;
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(4), (ushort)counted);
        data.CopyTo(buffer.AsSpan(headerBytes));
        return Set(At(path), NtfsAttributeNames.ReparseData, buffer);
    }

    /// <summary>Gives a file or directory its 8.3 name.</summary>
    public string? SetShortName(string path, string name) =>
        Set(At(path), NtfsAttributeNames.DosName, Encoding.UTF8.GetBytes(name));

    /// <summary>Gives a file or directory its object id: 16 bytes, or 64 with its birth.</summary>
    public string? SetObjectId(string path, ReadOnlySpan<byte> objectId) => Set(At(path), NtfsAttributeNames.ObjectId, objectId);

    /// <summary>Sets extended attributes, a list of FILE_FULL_EA_INFORMATION.</summary>
    public string? SetExtendedAttributes(string path, ReadOnlySpan<byte> list) =>
        Set(At(path), NtfsAttributeNames.ExtendedAttributes, NtfsAttributeList.ToStored(list));

    private static string? Create(string path)
    {
        using var file = LinuxFile.TryOpen(
            NativeMethods.AtCurrent, path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0x1b6);
        return Told(file is not null);
    }

    private static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static string? Set(string path, string name, ReadOnlySpan<byte> value) =>
        Words(LinuxFile.SetAttribute(path, name, value));

    private static string? Told(bool isDone) => isDone ? null : Errno.Describe(Errno.Last);

    private static string? Words(int errno) => errno == 0 ? null : Errno.Describe(errno);

    private string At(string path) => path.Length == 0 ? root : $"{root}/{path}";
}
