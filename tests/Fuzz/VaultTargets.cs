using System.Text;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Engine.Resume;
using Harness.Engine.Retention;
using Harness.Engine.Rules;

namespace Harness.Tests.Fuzz;

/// <summary>The parsers of what a vault holds. Where a seal would stop an altered input, what is altered is what was sealed.</summary>
internal static class VaultTargets
{
    private const string Format = "engine/Core/Format/";
    private const string Hex = "00112233445566778899aabbccddeeff";

    public static IReadOnlyList<ParserTarget> All { get; } =
    [
        new("text", [Format + "WireText.cs"], () => Texts("plain.txt", "näme\ud800", "文件🗂"), static input => WireText.Decode(input)),
        new("repo", [Format + "RepositoryDocument.cs", Format + "JsonMembers.cs"], () => [FuzzKeys.Repository.Document.Encode()], static input => _ = RepositoryDocument.Decode(input).RepositoryIdBytes)
        {
            Codes = [ErrorCode.VaultBlobDamaged, ErrorCode.VaultFormatUnsupported],
        },
        new("key", [Format + "RepositoryDocument.cs"], () => [Key()], static input => KeyDocument.Decode(input, "key")),
        new("commit", [Format + "CommitDocument.cs"], () => [Samples.Commit.Encode()], static input => CommitDocument.Decode(input, "commit").Encode()),
        new("gc", ["engine/Core/Prune/GcDocument.cs", Format + "SealedJson.cs"], () => [Gc().Encode(), GcDocument.None.Encode()], ParseGc),
        new("session", ["engine/Core/Prune/SessionDocument.cs"], () => [new SessionDocument(1, 3, "backup", DateTimeOffset.UnixEpoch).Encode()], static input => SessionDocument.Decode(input, "session")),
        new("deleted", ["engine/Core/Retention/DeletedDocument.cs"], () => [Deleted()], static input => _ = DeletedDocument.Decode(input, 7, 1, "deleted").Commit.Length),
        new("sealed", [Format + "SealedBlob.cs"], () => [FuzzKeys.Seal(SealedType.Commit, "c", Samples.Commit.Encode())], static input => SealedBlob.Open(FuzzKeys.Ring, SealedType.Commit, "c", input, "blob")),
        new("codec", [Format + "SegmentCodec.cs", Format + "Lz4Decoder.cs"], CodecSeeds, ParseCodec) { BaseBytes = 3 << 20 },
        new("pack", [Format + "PackReader.cs", "engine/Core/Repositories/PackFooter.cs"], () => [Pack()], ParsePack) { BaseBytes = 2 << 20 },
        new("pack-footer", [Format + "PackReader.cs"], PackFooters, ParseFooter) { BaseBytes = 2 << 20 },
        new("index", [Format + "IndexDocument.cs"], () => [IndexDocument.Encode(Samples.Packs), IndexDocument.Encode([])], ParseIndex),
        new("manifest", [Format + "ManifestDocument.cs", Format + "RecordCodec.cs", Format + "ContentCodec.cs"], () => [Manifest()], ParseManifest) { BytesPerByte = 400 },
        new("entry", [Format + "RecordCodec.cs", Format + "ContentCodec.cs"], () => [RecordCodec.Encode(Samples.Entry, null), RecordCodec.Encode(Samples.Link, null)], ParseEntry) { BytesPerByte = 400 },
        new("region", [Format + "RecordCodec.cs", Format + "ContentCodec.cs"], () => [RecordCodec.Encode(Samples.Content, null), RecordCodec.Encode(Samples.Content, Samples.Content)], ParseRegion) { BytesPerByte = 400 },
        new("issue", [Format + "RecordCodec.cs"], () => [RecordCodec.Encode(Samples.Issue)], static input => RecordCodec.Encode(RecordCodec.DecodeIssue(input))),
        new("listed-entry", [Format + "ListedEntry.cs"], () => [RecordCodec.Encode(Samples.Entry, null)], ParseListed),
        new("checkpoint", ["engine/Core/Resume/RunLogFormat.cs"], () => [Checkpoint()], ParseCheckpoint) { BytesPerByte = 400 },
        new("blob-name", [Format + "BlobNames.cs", Format + "Hash256.cs", Format + "PackName.cs"], Names, ParseName),
    ];

    private static byte[] Key() => new KeyDocument(1, KeyDocument.KdfName, 210_000, Hex + Hex, Hex + Hex, Hex[..24], Hex + Hex + Hex).Encode();

    private static GcDocument Gc() => new()
    {
        Version = 1,
        Sequence = 7,
        WrittenAt = DateTimeOffset.UnixEpoch,
        Rounds = [new GcRound(3, [Hex + Hex], [Hex + Hex], [$"{FuzzKeys.Source}/{Hex}{Hex}"], [$"{FuzzKeys.Source}/0000000001"])],
        Gone = new Dictionary<string, IReadOnlyList<long[]>> { [FuzzKeys.Source] = [[1, 3], [5, 5]] },
        Damaged = [Hex + Hex],
    };

    private static void ParseGc(byte[] input)
    {
        var document = GcDocument.Decode(input, 7);
        _ = document.Unusable();
        _ = document.IsGone(FuzzKeys.Source, 3);
        _ = document.Rounds.Count(round => round.IsEmpty);
        _ = document.Rounds.SelectMany(round => round.Manifests.Concat(round.Commits)).Sum(name => name.Length);
        _ = document.Encode();
    }

    private static byte[] Deleted() =>
        SealedJson.Encode(new DeletedDocument(1, 7, 1, Hex + Hex, DateTimeOffset.UnixEpoch, "asked"), DocumentJson.Default.DeletedDocument);

    /// <summary>A codec, two bytes of raw length, encoded bytes: what a frame or segment of another writer may hold.</summary>
    private static IEnumerable<byte[]> CodecSeeds()
    {
        var raw = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("what repeats itself is short; ", 40)));
        var encoded = new byte[raw.Length];
        yield return [SegmentCodec.Brotli, (byte)(raw.Length & 0xFF), (byte)(raw.Length >> 8), .. encoded[..SegmentCodec.Encode(raw, encoded).Length]];
        yield return [SegmentCodec.Lz4, (byte)(raw.Length & 0xFF), (byte)(raw.Length >> 8), .. encoded[..Lz4Codec.Encode(raw, encoded)]];
        yield return [SegmentCodec.Stored, 4, 0, 1, 2, 3, 4];
    }

    private static void ParseCodec(byte[] input)
    {
        if (input.Length >= 3 && !SegmentCodec.TryDecode(input[0], input.AsSpan(3), new byte[input[1] | (input[2] << 8)]))
        {
            throw new InvalidDataException("does not decode");
        }
    }

    private static byte[] Pack()
    {
        using var builder = new PackBuilder(FuzzKeys.Ring, FuzzKeys.Salt, 64 << 10);
        byte[] raw = [1, 2, 3, 4, 5];
        builder.Add(FuzzKeys.Ring.SegmentId(raw), SegmentType.Data, SegmentCodec.Stored, raw, raw.Length);
        return builder.Seal().ToArray();
    }

    private static void ParsePack(byte[] input)
    {
        using var reader = PackReader.FromHeader(FuzzKeys.Ring, input);
        ReadAll(reader, input);
    }

    private static void ReadAll(PackReader reader, byte[] pack)
    {
        var raw = new byte[FormatLimits.RangeBytes];
        foreach (var segment in reader.ReadFooter(pack))
        {
            reader.Read(segment, pack.AsSpan((int)segment.Offset, (int)segment.StoredBytes), raw.AsSpan(0, (int)segment.RawBytes));
        }
    }

    private static IEnumerable<byte[]> PackFooters()
    {
        var pack = new WireWriter();
        foreach (var segment in Samples.Packs[0].Segments)
        {
            pack.Hash(segment.Id);
            pack.U32(segment.Offset);
            pack.U32(segment.StoredBytes);
            pack.U32(segment.RawBytes);
            pack.U8(segment.Codec);
            pack.U8((byte)segment.Type);
            pack.U16(0);
        }

        yield return pack.ToArray();
    }

    /// <summary>The input is what a footer says under the right key, in a pack as long as the first such pack says.</summary>
    private static void ParseFooter(byte[] input)
    {
        var header = PackBuilder.Header(FuzzKeys.Ring.RepositoryId, FuzzKeys.Salt);
        var (footer, tag, nonce) = (new byte[input.Length], new byte[FormatLimits.TagBytes], new byte[12]);
        SealedBlob.WriteNonce(nonce, ulong.MaxValue);
        using (var cipher = FuzzKeys.Ring.PackCipher(FuzzKeys.Salt))
        {
            cipher.Encrypt(nonce, input, footer, tag, PackBuilder.FooterAssociated(header));
        }

        byte[] pack = [.. header, .. new byte[632], .. footer, .. tag, .. BitConverter.GetBytes(footer.Length + tag.Length), .. PackBuilder.TrailerMagic];
        using var reader = PackReader.FromHeader(FuzzKeys.Ring, pack);
        ReadAll(reader, pack);
    }

    private static void ParseIndex(byte[] input)
    {
        // What a reader of segments reserves, it reserves by these.
        foreach (var segment in IndexDocument.Decode(input, "index").SelectMany(pack => pack.Segments))
        {
            if (segment.RawBytes > FormatLimits.RangeBytes || segment.StoredBytes > FormatLimits.RangeBytes + FormatLimits.TagBytes)
            {
                throw new InvalidOperationException($"a segment of {segment.StoredBytes} and {segment.RawBytes} bytes was taken");
            }
        }
    }

    private static byte[] Manifest() => ManifestDocument.EncodePart(
    [
        new KeyedRecord(RecordKey.OfEntry(42), RecordCodec.Encode(Samples.Entry, null)),
        new KeyedRecord(RecordKey.OfEntry(43), RecordCodec.Encode(Samples.Link, null)),
        new KeyedRecord(RecordKey.OfEntry(44), null),
        new KeyedRecord(RecordKey.OfIssue(5, "x"), RecordCodec.Encode(Samples.Issue)),
        new KeyedRecord(RecordKey.OfRegion(42, 2, 3), RecordCodec.Encode(Samples.Content, null)),
    ]);

    private static void ParseManifest(byte[] input)
    {
        foreach (var record in ManifestDocument.Decode(input, "manifest").Where(record => record.Payload is not null))
        {
            _ = RecordCodec.Expand(record, null);
        }
    }

    private static void ParseEntry(byte[] input)
    {
        var alone = Attempt(() => RecordCodec.DecodeEntry(42, input, null));
        var entry = alone ?? RecordCodec.DecodeEntry(42, input, Samples.Entry);
        _ = RecordComparer.SameState(entry, Samples.Entry);
        _ = RecordCodec.Encode(entry, Samples.Entry);
        _ = entry.Security.ToPosix();
        _ = (entry.Times.Written?.ToDateTimeOffset(), entry.Times.Changed?.ToFileTime(), $"{entry.Times.Created}");
    }

    private static void ParseRegion(byte[] input)
    {
        var region = Attempt(() => RecordCodec.DecodeRegion(input, null)) ?? RecordCodec.DecodeRegion(input, Samples.Content);
        _ = RecordCodec.Encode(region, Samples.Content);
        _ = region.Extents.Slice(100, 5000).Count();
    }

    private static T? Attempt<T>(Func<T> parse)
        where T : class
    {
        try
        {
            return parse();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static void ParseListed(byte[] input)
    {
        var entry = Samples.Entry;
        var listed = new SourceEntry
        {
            Path = entry.Name,
            FileReference = entry.FileReference,
            ParentReference = entry.Parent,
            Kind = entry.Kind,
            Traits = entry.Traits,
            Attributes = entry.Attributes,
            Times = entry.Times,
            Security = entry.Security,
            EncryptionInfo = entry.EncryptionInfo,
        };
        var streams = entry.Streams.Select(stream => new SourceStream
        {
            Name = stream.Name,
            SizeBytes = stream.SizeBytes,
            AllocatedBytes = stream.AllocatedBytes,
            Traits = stream.Traits,
            RawSizeBytes = stream.RawSizeBytes,
        });
        if (!ListedEntry.IsSame(input, listed, Protection.FullOnly, [.. streams]))
        {
            throw new InvalidDataException("is not what was listed");
        }
    }

    private static byte[] Checkpoint()
    {
        var items = new WireWriter();
        RunLogFormat.Append(items, RunLogFormat.Encode(Samples.Kept), []);
        RunLogFormat.Append(items, RunLogFormat.Encode(Samples.Piece), []);
        return RunLogFormat.EncodeCheckpoint(Samples.Section, Samples.Packs, 2, items.Written);
    }

    private static void ParseCheckpoint(byte[] input)
    {
        foreach (var item in RunLogFormat.DecodeCheckpoint(input, "checkpoint").Items)
        {
            ScratchTargets.ParseItem(item);
        }
    }

    private static IEnumerable<byte[]> Names() => Texts(
        BlobNames.Commit(FuzzKeys.Source, 7),
        BlobNames.DeletedMarker(FuzzKeys.Source, 7, 1),
        BlobNames.GcRound(7),
        BlobNames.Session(FuzzKeys.Source, 7, "0123456789abcdef"),
        BlobNames.Checkpoint(BlobNames.Session(FuzzKeys.Source, 7, "0123456789abcdef"), 1),
        BlobNames.Index(Samples.Id),
        BlobNames.Pack(Samples.Id));

    private static void ParseName(byte[] input)
    {
        var name = Encoding.UTF8.GetString(input);
        _ = (BlobNames.ParseCommit(name), BlobNames.ParseDeleted(name), BlobNames.ParseGc(name), BlobNames.ParseSession(name), BlobNames.ParseCheckpoint(name));
        if (name.StartsWith(BlobNames.Indexes, StringComparison.Ordinal))
        {
            _ = IndexReader.HashOf(name);
        }
    }

    private static IEnumerable<byte[]> Texts(params string[] texts) => texts.Select(WireText.Encode);
}
