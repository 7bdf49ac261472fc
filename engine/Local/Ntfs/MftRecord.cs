using System.Buffers.Binary;
using System.Text;

namespace Harness.Engine.Local.Ntfs;

/// <summary>
/// What a file record says of names and data streams, its extension records included. Layout as published in the NTFS
/// documentation of the Linux-NTFS project; every length is checked, since the bytes come from a disk.
/// </summary>
internal sealed class MftRecord
{
    private const uint TypeStandardInformation = 0x10;
    private const uint TypeAttributeList = 0x20;
    private const uint TypeFileName = 0x30;
    private const uint TypeData = 0x80;
    private const uint TypeEnd = 0xffffffff;
    private const int SectorBytes = 512;
    private const byte DosNameSpace = 2;
    private const int MaxExtensions = 4096;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Builder> _data = new(StringComparer.Ordinal);

    private MftRecord()
    {
    }

    /// <summary>Names that are not 8.3 names of their own: what a person sees as links.</summary>
    internal uint LinkCount { get; private set; }

    /// <summary>Reads a base record and what it refers to. Throws InvalidDataException when damaged.</summary>
    internal static MftRecord? Parse(
        ulong number,
        byte[] bytes,
        int clusterBytes,
        Func<ulong, byte[]?> readRecord,
        Func<RunList, long, byte[]> readRuns)
    {
        try
        {
            if (!Unprotect(bytes) || (U16(bytes, 0x16) & 1) == 0 || U64(bytes, 0x20) != 0)
            {
                return null;
            }

            var record = new MftRecord();
            record.Take(bytes, clusterBytes);
            foreach (var extension in Extensions(number, bytes, readRuns))
            {
                var more = readRecord(extension);
                if (more is null || !Unprotect(more) || (U64(more, 0x20) & 0xffffffffffff) != number)
                {
                    throw new InvalidDataException();
                }

                record.Take(more, clusterBytes);
            }

            return record;
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or OverflowException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("A file record of the volume is damaged.", error);
        }
    }

    /// <summary>Number of the shared security descriptor in $Secure; 0 when the file has one of its own.</summary>
    internal uint SecurityId { get; private set; }

    internal bool HasNamedStreams => _data.Keys.Any(name => name.Length > 0);

    internal bool HasName(string name) => _names.Contains(name);

    internal NtfsData? FindData(string name) => _data.TryGetValue(name, out var data) ? data.Build(name) : null;

    /// <summary>
    /// Undoes the update sequence: the last two bytes of each sector hold a counter that shows a torn write, the real bytes
    /// stand in the header.
    /// </summary>
    private static bool Unprotect(byte[] bytes)
    {
        if (!bytes.AsSpan(0, 4).SequenceEqual("FILE"u8))
        {
            return false;
        }

        var (start, count) = (U16(bytes, 4), U16(bytes, 6));
        for (var i = 1; i < count; i++)
        {
            var end = (i * SectorBytes) - 2;
            if (U16(bytes, end) != U16(bytes, start))
            {
                return false;
            }

            bytes.AsSpan(start + (i * 2), 2).CopyTo(bytes.AsSpan(end));
        }

        return true;
    }

    private static SortedSet<ulong> Extensions(ulong number, byte[] bytes, Func<RunList, long, byte[]> readRuns)
    {
        var extensions = new SortedSet<ulong>();
        foreach (var attribute in Attributes(bytes).Where(range => U32(bytes, range.Start) == TypeAttributeList))
        {
            var list = Content(bytes.AsSpan(attribute.Start, attribute.Length), readRuns);
            for (var at = 0; at + 0x1a <= list.Length;)
            {
                var length = U16(list, at + 4);
                if (length < 0x1a || extensions.Count > MaxExtensions)
                {
                    throw new InvalidDataException();
                }

                _ = extensions.Add(U64(list, at + 0x10) & 0xffffffffffff);
                at += length;
            }
        }

        _ = extensions.Remove(number);
        return extensions;
    }

    private static byte[] Content(ReadOnlySpan<byte> attribute, Func<RunList, long, byte[]> readRuns)
    {
        if (attribute[8] == 0)
        {
            return attribute.Slice(U16(attribute, 0x14), checked((int)U32(attribute, 0x10))).ToArray();
        }

        var runs = new List<Run>();
        RunList.Decode(attribute[U16(attribute, 0x20)..], (long)U64(attribute, 0x10), runs);
        return readRuns(new RunList(runs), checked((long)U64(attribute, 0x30)));
    }

    private static IEnumerable<(int Start, int Length)> Attributes(byte[] bytes)
    {
        int at = U16(bytes, 0x14);
        while (at + 8 <= bytes.Length && U32(bytes, at) != TypeEnd)
        {
            var length = checked((int)U32(bytes, at + 4));
            if (length < 0x18 || at + length > bytes.Length)
            {
                throw new InvalidDataException();
            }

            yield return (at, length);
            at += length;
        }
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private void Take(byte[] bytes, int clusterBytes)
    {
        foreach (var (start, length) in Attributes(bytes))
        {
            var attribute = bytes.AsSpan(start, length);
            switch (U32(attribute, 0))
            {
                case TypeStandardInformation when U32(attribute, 0x10) >= 0x38:
                    // Volumes before NTFS 3.0 have the shorter form without it.
                    SecurityId = U32(attribute[U16(attribute, 0x14)..], 0x34);
                    break;
                case TypeFileName:
                    TakeName(attribute);
                    break;
                case TypeData:
                    TakeData(attribute, clusterBytes);
                    break;
            }
        }
    }

    private void TakeName(ReadOnlySpan<byte> attribute)
    {
        var content = attribute[U16(attribute, 0x14)..];
        if (content[0x41] != DosNameSpace)
        {
            LinkCount++;
            _ = _names.Add(Encoding.Unicode.GetString(content.Slice(0x42, content[0x40] * 2)));
        }
    }

    private void TakeData(ReadOnlySpan<byte> attribute, int clusterBytes)
    {
        var name = Encoding.Unicode.GetString(attribute.Slice(U16(attribute, 0x0a), attribute[9] * 2));
        if (!_data.TryGetValue(name, out var data))
        {
            data = _data[name] = new Builder(clusterBytes);
        }

        if (attribute[8] == 0)
        {
            (data.Flags, data.SizeBytes) = (U16(attribute, 0x0c), U32(attribute, 0x10));
            return;
        }

        var firstVcn = (long)U64(attribute, 0x10);
        data.Runs ??= [];
        RunList.Decode(attribute[U16(attribute, 0x20)..], firstVcn, data.Runs);
        if (firstVcn == 0)
        {
            // Only the first piece of a stream carries its sizes.
            (data.Flags, data.SizeBytes) = (U16(attribute, 0x0c), (long)U64(attribute, 0x30));
        }
    }

    private sealed class Builder(int clusterBytes)
    {
        internal ushort Flags { get; set; }

        internal long SizeBytes { get; set; }

        internal List<Run>? Runs { get; set; }

        internal NtfsData Build(string name)
        {
            Runs?.Sort(static (left, right) => left.Vcn.CompareTo(right.Vcn));
            var allocated = Runs?.Where(run => !run.IsHole).Sum(run => run.Clusters) * clusterBytes;
            return new NtfsData(
                name, Flags, SizeBytes, allocated ?? 0, Runs is null ? null : new RunList(Runs), clusterBytes);
        }
    }
}
