using System.Buffers.Binary;
using Harness.Engine.Local.Linux;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Ntfs;

/// <summary>
/// Reads file records straight from the device or image behind a mounted NTFS volume: the only way on Linux to learn the
/// flags of named streams and the clusters of a sparse one. The drivers write metadata through, so that the records are
/// current; the caller still compares them with what the driver shows. Never writes. Safe for concurrent calls.
/// </summary>
internal sealed class NtfsRawVolume : IDisposable
{
    private const int BootBytes = 512;
    private const int MaxRecordBytes = 65536;

    private readonly SafeFileHandle _device;
    private readonly int _recordBytes;
    private readonly RunList _mft;

    private NtfsRawVolume(SafeFileHandle device, int clusterBytes, int recordBytes, RunList mft)
    {
        _device = device;
        ClusterBytes = clusterBytes;
        _recordBytes = recordBytes;
        _mft = mft;
    }

    /// <summary>Bytes of one cluster.</summary>
    internal int ClusterBytes { get; }

    /// <summary>Opens the device; null when it may not be read or does not hold NTFS.</summary>
    internal static NtfsRawVolume? TryOpen(string devicePath)
    {
        if (!Path.IsPathRooted(devicePath))
        {
            return null;
        }

        var device = LinuxFile.TryOpen(NativeMethods.AtCurrent, devicePath, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        if (device is null)
        {
            return null;
        }

        try
        {
            var volume = TryReadLayout(device);
            if (volume is null)
            {
                device.Dispose();
            }

            return volume;
        }
        catch (Exception error) when (error is InvalidDataException or OverflowException)
        {
            device.Dispose();
            return null;
        }
    }

    /// <summary>Reads a record with everything that was moved out of it; null when it is damaged, free, or an extension.</summary>
    internal MftRecord? TryReadRecord(ulong number)
    {
        try
        {
            var bytes = ReadRecordBytes(number);
            return bytes is null ? null : MftRecord.Parse(number, bytes, ClusterBytes, ReadRecordBytes, ReadRuns);
        }
        catch (Exception error) when (error is InvalidDataException or OverflowException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();

    private static NtfsRawVolume? TryReadLayout(SafeFileHandle device)
    {
        var boot = new byte[BootBytes];
        if (LinuxFile.Read(device, 0, boot) != BootBytes || !boot.AsSpan(3, 8).SequenceEqual("NTFS    "u8))
        {
            return null;
        }

        var sectorBytes = BinaryPrimitives.ReadUInt16LittleEndian(boot.AsSpan(0x0b));
        var clusterBytes = checked(sectorBytes * Scale(boot[0x0d], 1));
        var recordBytes = Scale(boot[0x40], clusterBytes);
        var mftStart = BinaryPrimitives.ReadInt64LittleEndian(boot.AsSpan(0x30));
        if (clusterBytes is < 256 or > 2 * 1024 * 1024 || recordBytes is < 256 or > MaxRecordBytes || mftStart <= 0)
        {
            return null;
        }

        // Record 0 describes the table itself. Its own run list leads to the rest.
        var start = new RunList([new Run(0, mftStart, Math.Max(1, (recordBytes + clusterBytes - 1) / clusterBytes))]);
        var bootstrap = new NtfsRawVolume(device, clusterBytes, recordBytes, start);
        var runs = bootstrap.TryReadRecord(0)?.FindData("")?.Runs;
        return runs is null ? null : new NtfsRawVolume(device, clusterBytes, recordBytes, runs);
    }

    // Small counts are plain; a negative byte is a power of two in bytes (records) or in units (clusters over 64 KiB).
    private static int Scale(byte value, int unit) =>
        value <= 0x80 ? checked(value * unit) : 1 << Math.Min(30, 256 - value);

    private byte[]? ReadRecordBytes(ulong number)
    {
        var bytes = new byte[_recordBytes];
        var offset = checked((long)number * _recordBytes);
        return _mft.Read(_device, ClusterBytes, offset, bytes) ? bytes : null;
    }

    private byte[] ReadRuns(RunList runs, long sizeBytes)
    {
        var bytes = new byte[checked((int)Math.Min(sizeBytes, 16 * 1024 * 1024))];
        return runs.Read(_device, ClusterBytes, 0, bytes) ? bytes : throw new InvalidDataException();
    }
}
