using System.Buffers.Binary;

namespace Harness.Engine.Resume;

/// <summary>What an item of a run log is about.</summary>
/// <param name="IsPiece">A piece of a file rather than a whole entry.</param>
/// <param name="FileReference">Whose.</param>
/// <param name="Sub">Of a piece, stream and region as in a record key; else 0.</param>
/// <param name="From">Of a piece, its first range; else 0.</param>
internal readonly record struct ItemKey(bool IsPiece, ulong FileReference, ulong Sub, int From)
{
    private const int EntryBytes = 1 + sizeof(ulong);
    private const int RegionBytes = EntryBytes + sizeof(ulong);

    /// <summary>The key of an entry's item in a sorted table.</summary>
    public static byte[] OfEntry(ulong fileReference) => new ItemKey(IsPiece: false, fileReference, 0, 0).Encode();

    /// <summary>What the keys of all pieces of a region begin with.</summary>
    public static byte[] OfRegion(ulong fileReference, ulong sub) =>
        new ItemKey(IsPiece: true, fileReference, sub, 0).Encode()[..RegionBytes];

    /// <summary>Sorts as the numbers do.</summary>
    public byte[] Encode()
    {
        var key = new byte[IsPiece ? RegionBytes + sizeof(int) : EntryBytes];
        key[0] = IsPiece ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(1), FileReference);
        if (IsPiece)
        {
            BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(EntryBytes), Sub);
            BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(RegionBytes), From);
        }

        return key;
    }
}
