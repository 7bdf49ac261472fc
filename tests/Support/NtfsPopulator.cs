using System.Buffers.Binary;
using System.Text;
using Harness.Engine.Local.Linux;
using NUnit.Framework;

namespace Harness.Tests.Support;

/// <summary>
/// Writes declared items to a mounted volume by the means that ntfs-3g has, and mounts it again so that all is seen as a
/// later reader sees it. The same items can describe a simulated volume, to compare the verdicts on both.
/// </summary>
internal static class NtfsPopulator
{
    private const string Staging = ".staging";
    private const int EfsBlockBytes = 512;

    /// <summary>A $EFS attribute as long as a real one; the driver looks at its first fields only.</summary>
    internal static byte[] EfsInfo { get; } = MakeEfsInfo();

    internal static void Populate(NtfsVolume volume, IReadOnlyList<NtfsItem> items)
    {
        foreach (var item in items)
        {
            Make(volume, item);
        }

        // What hides or closes an entry comes after everything was written through it.
        foreach (var item in items.Reverse())
        {
            Finish(volume.At(item.Path), item);
        }

        volume.Remount();
    }

    /// <summary>Ciphertext as efs_raw shows it: padded to 512 bytes, then the padding length in two bytes.</summary>
    internal static byte[] RawForm(byte[] plain)
    {
        if (plain.Length == 0)
        {
            return [];
        }

        var padded = (plain.Length + EfsBlockBytes - 1) / EfsBlockBytes * EfsBlockBytes;
        var raw = new byte[padded + 2];
        for (var i = 0; i < padded; i++)
        {
            raw[i] = (byte)((i < plain.Length ? plain[i] : 0) ^ 0x5a);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(raw.AsSpan(padded), (ushort)(padded - plain.Length));
        return raw;
    }

    private static void Make(NtfsVolume volume, NtfsItem item)
    {
        var path = volume.At(item.Path);
        if (item.HardLinkTo is not null)
        {
            LinkTo(volume.At(item.HardLinkTo), path);
            return;
        }

        if (item.IsDirectory)
        {
            _ = Directory.CreateDirectory(path);
            if (item.IsCompressed)
            {
                SetAttributes(path, 0x800);
            }
        }
        else
        {
            MakeFile(volume, path, item);
        }

        foreach (var stream in item.Streams)
        {
            WriteData(
                $"{path}:{stream.Name}", stream.Data ?? DataOf(stream.Content, stream.HoleBytes, item.IsEncrypted));
        }

        if (item.IsEncrypted)
        {
            Set(path, "system.ntfs_efsinfo", EfsInfo);
        }
    }

    private static void MakeFile(NtfsVolume volume, string path, NtfsItem item)
    {
        // The driver compresses what is born in a compressed directory.
        var folder = volume.At(Staging);
        _ = Directory.CreateDirectory(folder);
        SetAttributes(folder, item.IsCompressed ? 0x800u : 0);
        var born = Path.Combine(folder, "file");
        WriteData(born, item.Data ?? DataOf(item.Content, item.HoleBytes, item.IsEncrypted));
        File.Move(born, path);
        Directory.Delete(folder);
    }

    private static NtfsData DataOf(byte[] content, long? holeBytes, bool isEncrypted)
    {
        var bytes = isEncrypted ? RawForm(content) : content;
        return new NtfsData((holeBytes ?? 0) + bytes.Length, [(holeBytes ?? 0, bytes)]);
    }

    private static void WriteData(string path, NtfsData data)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
        if (data.Pieces.Sum(piece => (long)piece.Bytes.Length) < data.SizeBytes)
        {
            file.SetLength(data.SizeBytes);
        }

        foreach (var (offset, bytes) in data.Pieces)
        {
            file.Position = offset;
            file.Write(bytes);
        }
    }

    private static void Finish(string path, NtfsItem item)
    {
        if (item.DosName is not null)
        {
            Set(path, "system.ntfs_dos_name", Encoding.UTF8.GetBytes(item.DosName));
        }

        if (item.SecurityDescriptor is not null)
        {
            Set(path, "system.ntfs_acl", item.SecurityDescriptor);
        }

        if (item.Attributes != 0)
        {
            SetAttributes(path, item.Attributes | (item.IsDirectory && item.IsCompressed ? 0x800u : 0));
        }

        if (item.ReparseData is not null)
        {
            Set(path, "system.ntfs_reparse_data", item.ReparseData);
        }

        if (item.Times is { } times)
        {
            var value = new byte[24];
            BinaryPrimitives.WriteInt64LittleEndian(value, times.Created);
            BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(8), times.Written);
            BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(16), times.Accessed);
            Set(path, "system.ntfs_times", value);
        }
    }

    private static void LinkTo(string existing, string path)
    {
        using var process = System.Diagnostics.Process.Start("ln", [existing, path]);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"ln {existing} {path}");
    }

    private static void SetAttributes(string path, uint attributes)
    {
        var value = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(value, attributes);
        Set(path, "system.ntfs_attrib", value);
    }

    private static void Set(string path, string name, byte[] value)
    {
        var errno = LinuxFile.SetAttribute(path, name, value);
        Assert.That(errno, Is.Zero, $"setfattr {name} {path}: {Errno.Describe(errno)}");
    }

    private static byte[] MakeEfsInfo()
    {
        var info = new byte[760];
        BinaryPrimitives.WriteUInt32LittleEndian(info, (uint)info.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(8), 2);
        return info;
    }
}
