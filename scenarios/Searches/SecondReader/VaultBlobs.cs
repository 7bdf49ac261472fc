using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Harness.Scenarios.Searches.SecondReader;

/// <summary>FORMAT.md sections 4 to 6: sealed blobs, packs and the index.</summary>
internal sealed class VaultBlobs(IReadOnlyDictionary<string, byte[]> blobs, VaultKeys keys)
{
    public byte[] Open(string name, byte type, string context)
    {
        var blob = new Wire(blobs[name]);
        var header = blob.Raw(56);
        VaultKeys.Require(header.AsSpan(0, 4).SequenceEqual("HVLT"u8) && header[4] == 1 && header[5] == type);
        VaultKeys.Require(header[6] == 0 && header[7] == 0 && header.AsSpan(8, 16).SequenceEqual(keys.RepositoryId));
        using var cipher = keys.BlobCipher("harness/1/sealed", header[24..]);
        var plaintext = new List<byte>();
        for (ulong ordinal = 0; ; ordinal++)
        {
            var frame = blob.Raw(12);
            var fields = new Wire(frame);
            var (stored, raw, codec, last) = ((int)fields.U32(), (int)fields.U32(), fields.U8(), fields.U8());
            VaultKeys.Require(fields.U16() == 0 && last <= 1);
            byte[] associated = [.. header, .. Encoding.ASCII.GetBytes(context), .. frame, .. U64(ordinal)];
            plaintext.AddRange(Decode(codec, Decrypt(cipher, ordinal, blob.Raw(stored), blob.Raw(16), associated), raw));
            if (last == 1)
            {
                VaultKeys.Require(blob.AtEnd);
                return [.. plaintext];
            }
        }
    }

    /// <summary>The codecs met so far.</summary>
    public HashSet<byte> Codecs { get; } = [];

    /// <summary>Every segment of every pack, found by the packs' own footers.</summary>
    public Dictionary<string, byte[]> SegmentsByFooter() => blobs.Keys.Where(name => name.StartsWith("packs/", StringComparison.Ordinal))
        .SelectMany(SegmentsOf).DistinctBy(segment => segment.Place.Id).ToDictionary(segment => segment.Place.Id, segment => segment.Raw);

    /// <summary>The segments of one pack by its own footer, each decrypted and found to be what its id says.</summary>
    public IEnumerable<(SegmentPlace Place, byte[] Raw)> SegmentsOf(string name)
    {
        var pack = blobs[name];
        using var cipher = PackCipher(pack);
        VaultKeys.Require(pack.AsSpan(pack.Length - 4).SequenceEqual("HPAE"u8));
        var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(pack.AsSpan(pack.Length - 8));
        var footer = pack[(pack.Length - 8 - length)..(pack.Length - 8)];
        var hash = Convert.ToHexStringLower(SHA256.HashData([.. pack.AsSpan(0, 56), .. pack.AsSpan(pack.Length - 8 - length)]));
        VaultKeys.Require(name == $"packs/{hash[..2]}/{hash}");
        byte[] associated = [.. pack.AsSpan(0, 56), .. "footer"u8];
        var records = new Wire(Decrypt(cipher, ulong.MaxValue, footer[..^16], footer[^16..], associated));
        for (uint ordinal = 0; !records.AtEnd; ordinal++)
        {
            var place = new SegmentPlace(
                records.Hex(32), ordinal, records.U32(), records.U32(), records.U32(), records.U8(), records.U8());
            VaultKeys.Require(records.U16() == 0);
            yield return (place, Read(pack, cipher, place));
        }
    }

    /// <summary>What one index blob says: packs by name with their lengths, and where each segment is.</summary>
    public (IReadOnlyList<(string Pack, uint LengthBytes)> Packs, IReadOnlyList<(int Pack, SegmentPlace Place)> Segments) Index(string name)
    {
        VaultKeys.Require(name == "index/" + Convert.ToHexStringLower(SHA256.HashData(blobs[name])));
        var index = new Wire(Open(name, 1, "index"));
        var packs = new (string, uint)[index.U32()];
        for (var i = 0; i < packs.Length; i++)
        {
            var hash = index.Hex(32);
            index.Raw(32);
            packs[i] = ($"packs/{hash[..2]}/{hash}", index.U32());
        }

        var segments = new (int, SegmentPlace)[index.U32()];
        for (var i = 0; i < segments.Length; i++)
        {
            var id = index.Hex(32);
            segments[i] = ((int)index.U32(), new SegmentPlace(id, index.U32(), index.U32(), index.U32(), index.U32(), index.U8(), index.U8()));
            VaultKeys.Require(index.U16() == 0);
        }

        VaultKeys.Require(index.AtEnd);
        return (packs, segments);
    }

    /// <summary>Every segment, found by the index blobs.</summary>
    public Dictionary<string, byte[]> SegmentsByIndex()
    {
        var segments = new Dictionary<string, byte[]>();
        foreach (var name in blobs.Keys.Where(name => name.StartsWith("index/", StringComparison.Ordinal)))
        {
            VaultKeys.Require(name == "index/" + Convert.ToHexStringLower(SHA256.HashData(blobs[name])));
            var index = new Wire(Open(name, 1, "index"));
            var packs = new byte[index.U32()][];
            for (var i = 0; i < packs.Length; i++)
            {
                var hash = index.Hex(32);
                packs[i] = blobs[$"packs/{hash[..2]}/{hash}"];
                VaultKeys.Require(index.Raw(32).AsSpan().SequenceEqual(packs[i].AsSpan(24, 32)));
                VaultKeys.Require(index.U32() == packs[i].Length);
            }

            for (var left = index.U32(); left > 0; left--)
            {
                var id = index.Hex(32);
                var pack = packs[index.U32()];
                var place = new SegmentPlace(id, index.U32(), index.U32(), index.U32(), index.U32(), index.U8(), index.U8());
                VaultKeys.Require(index.U16() == 0);
                using var cipher = PackCipher(pack);
                segments[id] = Read(pack, cipher, place);
            }

            VaultKeys.Require(index.AtEnd);
        }

        return segments;
    }

    private AesGcm PackCipher(byte[] pack)
    {
        VaultKeys.Require(pack.AsSpan(0, 8).SequenceEqual("HPAK\u0001\0\0\0"u8) && pack.AsSpan(8, 16).SequenceEqual(keys.RepositoryId));
        return keys.BlobCipher("harness/1/pack", pack[24..56]);
    }

    private byte[] Read(byte[] pack, AesGcm cipher, SegmentPlace place)
    {
        var stored = pack[(int)place.Offset..(int)(place.Offset + place.StoredBytes)];
        byte[] associated =
        [
            .. pack.AsSpan(0, 56), .. U64(place.Ordinal), .. Convert.FromHexString(place.Id), place.Type, place.Codec,
            .. U64(place.RawBytes).AsSpan(0, 4),
        ];
        var raw = Decode(
            place.Codec, Decrypt(cipher, place.Ordinal, stored[..^16], stored[^16..], associated), (int)place.RawBytes);
        VaultKeys.Require(Convert.ToHexStringLower(VaultKeys.Mac(keys.IdKey, keys.SegmentTagKeys, raw)) == place.Id);
        return raw;
    }

    private static byte[] Decrypt(AesGcm cipher, ulong ordinal, byte[] ciphertext, byte[] tag, byte[] associated)
    {
        var plain = new byte[ciphertext.Length];
        byte[] nonce = [0, 0, 0, 0, .. U64(ordinal)];
        cipher.Decrypt(nonce, ciphertext, tag, plain, associated);
        return plain;
    }

    private byte[] Decode(byte codec, byte[] stored, int rawBytes)
    {
        _ = Codecs.Add(codec);
        if (codec == 2)
        {
            stored = Lz4Block.Decode(stored);
            codec = 0;
        }

        var raw = new byte[rawBytes];
        VaultKeys.Require(codec switch
        {
            0 => stored.AsSpan().TryCopyTo(raw) && stored.Length == rawBytes,
            1 => BrotliDecoder.TryDecompress(stored, raw, out var length) && length == rawBytes,
            _ => false,
        });
        return raw;
    }

    private static byte[] U64(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
