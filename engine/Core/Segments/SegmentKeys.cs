using System.Buffers.Binary;
using Harness.Engine.Format;

namespace Harness.Engine.Segments;

/// <summary>
/// Keys and payloads of the segment tables: a space, then what sorts within it. A pack is known by its first 16 bytes here, so
/// that a segment takes about 64 bytes.
/// </summary>
internal static class SegmentKeys
{
    /// <summary>(segment, pack that holds it) -> where in the pack.</summary>
    public const byte Places = 0;

    /// <summary>(pack) -> its hash, salt and length.</summary>
    public const byte Packs = 1;

    /// <summary>(index blob that was taken in) -> nothing.</summary>
    public const byte Blobs = 2;

    /// <summary>(index blob, pack that it names) -> nothing.</summary>
    public const byte BlobPacks = 3;

    /// <summary>(ordinal) -> a piece of the filter over the segments of the same table; the last of all.</summary>
    public const byte Filter = 4;

    private const int PackBytes = 16;
    private const int SegmentEnd = 1 + Hash256.Size;

    public static byte[] OfSegment(Hash256 id) => Of(Places, id, Hash256.Size);

    public static byte[] OfPlace(Hash256 id, Hash256 pack)
    {
        var key = new byte[SegmentEnd + PackBytes];
        Span<byte> hash = stackalloc byte[Hash256.Size];
        key[0] = Places;
        id.CopyTo(key.AsSpan(1));
        pack.CopyTo(hash);
        hash[..PackBytes].CopyTo(key.AsSpan(SegmentEnd));
        return key;
    }

    public static byte[] OfPack(Hash256 pack) => Of(Packs, pack, PackBytes);

    /// <summary>The key of the pack that a place is in.</summary>
    public static byte[] PackOf(ReadOnlySpan<byte> place) => [Packs, .. place[SegmentEnd..]];

    /// <summary>The first bytes of the hash of the pack that a place is in.</summary>
    public static UInt128 PackNumber(ReadOnlySpan<byte> place) => BinaryPrimitives.ReadUInt128BigEndian(place[SegmentEnd..]);

    public static byte[] OfSpace(byte space) => [space];

    public static byte[] OfBlob(Hash256 blob) => Of(Blobs, blob, Hash256.Size);

    /// <summary>What the keys of the packs that an index blob names begin with.</summary>
    public static byte[] PacksOfBlob(Hash256 blob) => Of(BlobPacks, blob, Hash256.Size);

    public static byte[] OfBlobPack(Hash256 blob, Hash256 pack)
    {
        var key = OfPlace(blob, pack);
        key[0] = BlobPacks;
        return key;
    }

    public static byte[] OfFilter(int ordinal)
    {
        var key = new byte[1 + sizeof(int)];
        key[0] = Filter;
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(1), ordinal);
        return key;
    }

    /// <summary>The segment of a place, or the index blob of its key.</summary>
    public static Hash256 Hash(ReadOnlySpan<byte> key) => new(key.Slice(1, Hash256.Size));

    public static byte[] Encode(in SegmentRecord segment)
    {
        var output = new WireWriter(16);
        output.VarInt(segment.Ordinal);
        output.VarInt(segment.Offset);
        output.VarInt(segment.StoredBytes);
        output.VarInt(segment.RawBytes);
        output.U8(segment.Codec);
        output.U8((byte)segment.Type);
        return output.ToArray();
    }

    public static SegmentRecord DecodePlace(Hash256 id, ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        return new SegmentRecord(
            id,
            (uint)reader.Count(uint.MaxValue),
            (uint)reader.Count(uint.MaxValue),
            (uint)reader.Count(uint.MaxValue),
            (uint)reader.Count(uint.MaxValue),
            reader.U8(),
            (SegmentType)reader.U8());
    }

    public static byte[] Encode(PackInfo pack)
    {
        var output = new WireWriter(80);
        output.Hash(pack.Hash);
        output.Raw(pack.Salt);
        output.U32(pack.LengthBytes);
        return output.ToArray();
    }

    public static PackInfo DecodePack(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        return new PackInfo(reader.Hash(), reader.Raw(Crypto.KeyRing.SaltBytes).ToArray(), reader.U32());
    }

    private static byte[] Of(byte space, Hash256 hash, int bytes)
    {
        Span<byte> whole = stackalloc byte[Hash256.Size];
        hash.CopyTo(whole);
        return [space, .. whole[..bytes]];
    }
}
