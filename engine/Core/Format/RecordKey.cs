using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Harness.Engine.Format;

/// <summary>Key of a manifest record: space, id and, for regions of long streams, which one.</summary>
internal readonly record struct RecordKey(byte Space, ulong Id, ulong Sub = 0) : IComparable<RecordKey>
{
    public const byte Entries = 0;
    public const byte Issues = 1;
    public const byte Regions = 2;

    private const int StreamShift = 32;

    public static RecordKey OfEntry(ulong fileReference) => new(Entries, fileReference);

    /// <summary>An issue is known by where it is: the directory and the name in it.</summary>
    public static RecordKey OfIssue(ulong parent, string name)
    {
        byte[] text = WireText.Encode(name);
        var bytes = new byte[sizeof(ulong) + text.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, parent);
        text.CopyTo(bytes, sizeof(ulong));
        return new RecordKey(Issues, BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(bytes)));
    }

    public static RecordKey OfRegion(ulong fileReference, uint streamId, uint region) =>
        new(Regions, fileReference, ((ulong)streamId << StreamShift) | region);

    /// <summary>Of a region, the stream that it belongs to.</summary>
    public uint StreamId => (uint)(Sub >> StreamShift);

    /// <summary>Of a region, its number in the stream.</summary>
    public uint Region => (uint)(Sub & uint.MaxValue);

    public int CompareTo(RecordKey other) => Space != other.Space ? Space.CompareTo(other.Space)
        : Id != other.Id ? Id.CompareTo(other.Id)
        : Sub.CompareTo(other.Sub);
}

/// <summary>A record of a state or, with a null payload, the deletion of one.</summary>
internal readonly record struct KeyedRecord(RecordKey Key, byte[]? Payload);
