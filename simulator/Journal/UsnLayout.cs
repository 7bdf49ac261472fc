using System.Buffers.Binary;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Journal;

/// <summary>The binary layout of records: USN_RECORD_V2, V3 and V4 of winioctl.h, little-endian.</summary>
public static class UsnLayout
{
    /// <summary>Extents in one record of version 4 at most, so that it fits a page of 4 KiB.</summary>
    public const int MaxExtents = (4096 - V4HeaderBytes) / ExtentBytes;

    private const int V2HeaderBytes = 60;
    private const int V3HeaderBytes = 76;
    private const int V4HeaderBytes = 64;
    private const int ExtentBytes = 16;

    /// <summary>Bytes of a record with a name, a multiple of 8.</summary>
    public static int LengthOf(int majorVersion, int nameUnits) =>
        ((majorVersion == 2 ? V2HeaderBytes : V3HeaderBytes) + (nameUnits * 2) + 7) / 8 * 8;

    /// <summary>Bytes of a record of version 4.</summary>
    public static int LengthOfExtents(int extents) => V4HeaderBytes + (extents * ExtentBytes);

    /// <summary>Writes a record; the span has at least its length.</summary>
    public static void Write(UsnRecord record, Span<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(record);
        bytes = bytes[..record.RecordLength];
        bytes.Clear();
        var writer = new Writer(bytes);
        writer.UInt32((uint)record.RecordLength);
        writer.UInt16((ushort)record.MajorVersion);
        writer.UInt16(0);
        writer.Reference(record.File, record.MajorVersion);
        writer.Reference(record.Parent, record.MajorVersion);
        writer.UInt64((ulong)record.Usn);
        if (record.MajorVersion == 4)
        {
            writer.UInt32((uint)record.Reason);
            writer.UInt32((uint)record.SourceInfo);
            writer.UInt32((uint)record.RemainingExtents);
            writer.UInt16((ushort)record.Extents.Count);
            writer.UInt16(ExtentBytes);
            foreach (var extent in record.Extents)
            {
                writer.UInt64((ulong)extent.Offset);
                writer.UInt64((ulong)extent.Length);
            }

            return;
        }

        writer.UInt64((ulong)record.TimeStamp);
        writer.UInt32((uint)record.Reason);
        writer.UInt32((uint)record.SourceInfo);
        writer.UInt32((uint)record.SecurityId);
        writer.UInt32((uint)record.Attributes);
        writer.UInt16((ushort)(record.Name.Length * 2));
        writer.UInt16((ushort)(record.MajorVersion == 2 ? V2HeaderBytes : V3HeaderBytes));
        foreach (var unit in record.Name)
        {
            writer.UInt16(unit);
        }
    }

    private ref struct Writer(Span<byte> bytes)
    {
        private readonly Span<byte> _bytes = bytes;
        private int _at;

        public void UInt16(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_bytes[_at..], value);
            _at += 2;
        }

        public void UInt32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_bytes[_at..], value);
            _at += 4;
        }

        public void UInt64(ulong value)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_bytes[_at..], value);
            _at += 8;
        }

        /// <summary>64 bits in version 2; else 128, of which NTFS leaves the upper half 0.</summary>
        public void Reference(FileReference reference, int majorVersion)
        {
            UInt64(reference.Value);
            _at += majorVersion == 2 ? 0 : 8;
        }
    }
}
