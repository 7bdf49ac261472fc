using Harness.Engine.Crypto;

namespace Harness.Engine.Format;

/// <summary>What a reader of segments needs to know of the pack that they are in.</summary>
internal record PackInfo(Hash256 Hash, byte[] Salt, uint LengthBytes);

/// <summary>One pack as an index names it.</summary>
internal sealed record IndexedPack(Hash256 Hash, byte[] Salt, uint LengthBytes, IReadOnlyList<SegmentRecord> Segments)
    : PackInfo(Hash, Salt, LengthBytes);

/// <summary>Writes and reads the plaintext of an index blob (FORMAT.md section 6).</summary>
internal static class IndexDocument
{
    /// <summary>Segments of one index blob, so that it stays under the limit of a sealed blob.</summary>
    public const int MaxSegments = 500_000;

    public const string Context = "index";

    public static byte[] Encode(IReadOnlyList<IndexedPack> packs)
    {
        var output = new WireWriter(1024);
        output.U32((uint)packs.Count);
        foreach (var pack in packs)
        {
            output.Hash(pack.Hash);
            output.Raw(pack.Salt);
            output.U32(pack.LengthBytes);
        }

        var segments = packs
            .SelectMany((pack, ordinal) => pack.Segments.Select(segment => (Pack: (uint)ordinal, Segment: segment)))
            .OrderBy(item => item.Segment.Id)
            .ToArray();
        output.U32((uint)segments.Length);
        foreach (var (pack, s) in segments)
        {
            output.Hash(s.Id);
            output.U32(pack);
            output.U32(s.Ordinal);
            output.U32(s.Offset);
            output.U32(s.StoredBytes);
            output.U32(s.RawBytes);
            output.U8(s.Codec);
            output.U8((byte)s.Type);
            output.U16(0);
        }

        return output.ToArray();
    }

    public static IReadOnlyList<IndexedPack> Decode(ReadOnlySpan<byte> plaintext, string name)
    {
        try
        {
            return Decode(plaintext);
        }
        catch (InvalidDataException error)
        {
            throw Damage.In(name, error.Message, error);
        }
    }

    private static IndexedPack[] Decode(ReadOnlySpan<byte> plaintext)
    {
        var reader = new WireReader(plaintext);
        var count = reader.U32();
        if (count > reader.Remaining / 68)
        {
            throw new InvalidDataException("it names more packs than it has room for");
        }

        var packs = new IndexedPack[count];
        var segments = new List<SegmentRecord>[count];
        for (var i = 0; i < packs.Length; i++)
        {
            segments[i] = [];
            packs[i] = new IndexedPack(reader.Hash(), reader.Raw(KeyRing.SaltBytes).ToArray(), reader.U32(), segments[i]);
            if (packs[i].LengthBytes > FormatLimits.PackBytes)
            {
                throw new InvalidDataException("a pack is longer than one may be");
            }
        }

        for (var left = reader.U32(); left > 0; left--)
        {
            var id = reader.Hash();
            var pack = reader.U32();
            var segment = new SegmentRecord(
                id, reader.U32(), reader.U32(), reader.U32(), reader.U32(), reader.U8(), (SegmentType)reader.U8());
            _ = reader.U16();
            if (pack >= count || !segment.IsWithinLimits
                || (long)segment.Offset + segment.StoredBytes > packs[pack].LengthBytes)
            {
                throw new InvalidDataException("a segment lies outside its pack");
            }

            if (segments[pack].Count == FormatLimits.PackSegments)
            {
                throw new InvalidDataException($"a pack has more than {FormatLimits.PackSegments} segments");
            }

            segments[pack].Add(segment);
        }

        reader.End();
        return packs;
    }
}
