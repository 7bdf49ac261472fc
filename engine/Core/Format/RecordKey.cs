using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Harness.Engine.Format;

/// <summary>Key of a manifest record: space, then id.</summary>
internal readonly record struct RecordKey(byte Space, ulong Id) : IComparable<RecordKey>
{
    public const byte Entries = 0;
    public const byte Issues = 1;

    public static RecordKey OfEntry(ulong fileReference) => new(Entries, fileReference);

    public static RecordKey OfIssue(string path) =>
        new(Issues, BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(WireText.Encode(path))));

    public int CompareTo(RecordKey other) => Space != other.Space ? Space.CompareTo(other.Space) : Id.CompareTo(other.Id);
}

/// <summary>A record of a state or, with a null payload, the deletion of one.</summary>
internal readonly record struct KeyedRecord(RecordKey Key, byte[]? Payload);
