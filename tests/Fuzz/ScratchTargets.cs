using System.Buffers.Binary;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.RecoveryPoints;
using Harness.Engine.Repositories;
using Harness.Engine.Resume;
using Harness.Engine.Segments;
using Harness.Engine.State;
using Harness.Engine.Tables;

namespace Harness.Tests.Fuzz;

/// <summary>The parsers of what a scratch location holds, behind the seals.</summary>
internal static class ScratchTargets
{
    private const string TableName = "table";

    /// <summary>What is sealed is met as a damaged blob by those who then do without it.</summary>
    private static readonly ErrorCode[] Codes = [ErrorCode.ScratchDamaged, ErrorCode.VaultBlobDamaged];

    public static IReadOnlyList<ParserTarget> All { get; } =
    [
        Of("state-head", ["engine/Core/State/StateHead.cs"], StateHeads, static input => StateHead.Decode(input)),
        Of("segment-head", ["engine/Core/Segments/SegmentHead.cs"], SegmentHeads, static input => SegmentHead.Decode(input)),
        Of("run-log", ["engine/Core/Resume/RunLogReader.cs"], RunFrames, ParseRunLog),
        Of("run-item", ["engine/Core/Resume/RunLogFormat.cs"], Items, ParseItem),
        Of("known-points", ["engine/Core/RecoveryPoints/KnownPoints.cs", "engine/Core/RecoveryPoints/KnownPoint.cs"], KnownPointFrames, ParseKnownPoints),
        Of("table-block", ["engine/Core/Tables/TableBlock.cs"], () => [Leaf()], ParseBlock),
        Of("table", ["engine/Core/Tables/Table.cs"], Tables, ParseTable),
        Of("page-table", ["engine/Core/State/PageTable.cs"], () => [Samples.Pages().Encode()], static input => _ = PageTable.Decode(input).Encode()),
        Of("page-block", ["engine/Core/State/PageBlock.cs"], PageBlocks, ParsePageBlock),
        Of("segment-place", ["engine/Core/Segments/SegmentKeys.cs"], Places, ParsePlace),
    ];

    public static void ParseItem(byte[] item)
    {
        var reader = new WireReader(item);
        if (RunLogFormat.KeyOf(item).IsPiece)
        {
            _ = RunLogFormat.Encode(RunLogFormat.DecodePiece(ref reader));
        }
        else
        {
            _ = RunLogFormat.Encode(RunLogFormat.DecodeEntry(ref reader));
        }
    }

    private static ParserTarget Of(string name, string[] sources, Func<IEnumerable<byte[]>> seeds, Action<byte[]> parse) =>
        new(name, sources, seeds, parse) { Codes = Codes, BytesPerByte = 400 };

    private static IEnumerable<byte[]> StateHeads() =>
        [new StateHead(7, Samples.Id, 9, [new StateTable("a-table-1", Samples.Id), new StateTable("a-table-2", Samples.Id)], "a-pages-1", 5000).Encode()];

    private static IEnumerable<byte[]> SegmentHeads() => [new SegmentHead(9, [("s-1", Samples.Id, 500), ("s-2", Samples.Id, 5)]).Encode()];

    private static IEnumerable<byte[]> RunFrames()
    {
        var items = new WireWriter();
        items.U8(RunLogFormat.Items);
        RunLogFormat.Append(items, RunLogFormat.Encode(Samples.Kept), Samples.Kept.Pages);
        RunLogFormat.Append(items, RunLogFormat.Encode(Samples.Piece), [(0, Samples.Pages())]);
        return [items.ToArray(), RunLogFormat.EncodeBatch(Samples.Packs, 2), RunLogFormat.EncodeSection(Samples.Section), []];
    }

    /// <summary>The input is one frame of a log whose others are in order.</summary>
    private static void ParseRunLog(byte[] input)
    {
        var scratch = FuzzKeys.Frames(
            "run", SealedType.RunLog, RunLogFormat.Context, RunLogFormat.EncodeSection(Samples.Section), input, RunLogFormat.EncodeBatch(Samples.Packs, 2), input);
        var reader = new RunLogReader(scratch, FuzzKeys.Repository, "run", Samples.Section);
        var packs = 0;
        FuzzKeys.Done(reader.ReadPacksAsync(
            found =>
            {
                packs += found.Count;
                return default;
            },
            default));
        FuzzKeys.Done(reader.ReadItemsAsync(static (_, _) => default, default));
        if (packs == 0)
        {
            throw new InvalidDataException("nothing of it was taken");
        }
    }

    private static IEnumerable<byte[]> Items()
    {
        var tail = new WireWriter();
        tail.VarInt(1UL);
        tail.VarInt(0UL);
        tail.Bytes(Samples.Pages().Encode());
        return [[.. RunLogFormat.Encode(Samples.Kept), .. tail.Written], [.. RunLogFormat.Encode(Samples.Piece), .. tail.Written]];
    }

    private static IEnumerable<byte[]> KnownPointFrames()
    {
        var output = new WireWriter();
        KnownPoint.Of(new Commit(FuzzKeys.Source, Samples.Commit, Samples.Id)).Write(output);
        return [output.ToArray()];
    }

    private static void ParseKnownPoints(byte[] input)
    {
        var scratch = FuzzKeys.Frames($"points-{FuzzKeys.Source}", SealedType.KnownPoints, "points", input);
        var points = FuzzKeys.Done(new KnownPoints(scratch, FuzzKeys.Repository, FuzzKeys.Random, FuzzKeys.Source).ReadAsync(default));
        if (points.Count == 0)
        {
            throw new InvalidDataException("nothing of it was taken");
        }

        foreach (var point in points.Values)
        {
            if (!Enum.IsDefined(point.Mode) || !Enum.IsDefined(point.Consistency))
            {
                throw new InvalidOperationException($"a point of mode {point.Mode} and consistency {point.Consistency} was taken");
            }
        }
    }

    private static byte[] Leaf()
    {
        var output = new WireWriter();
        foreach (var key in new byte[][] { [1], [1, 2], [3] })
        {
            output.Bytes(key);
            output.VarInt(3UL);
            output.Raw([7, 8]);
        }

        output.Bytes([4]);
        output.VarInt(0UL);
        return output.ToArray();
    }

    private static void ParseBlock(byte[] input)
    {
        var block = TableBlock.Decode(input);
        for (var i = 0; i < block.Count; i++)
        {
            _ = block[i].Payload.Length;
            if (block.LowerBound(block.KeyAt(i)) != i)
            {
                throw new InvalidOperationException("a key is not found where it is");
            }
        }
    }

    /// <summary>A footer, then an index block over the one block of records.</summary>
    private static IEnumerable<byte[]> Tables()
    {
        var place = new WireWriter();
        place.VarInt((ulong)TableFormat.HeaderBytes);
        place.VarInt((ulong)(Leaf().Length + FormatLimits.TagBytes));
        place.VarInt(0UL);
        var index = new WireWriter();
        index.Bytes([1]);
        index.VarInt((ulong)place.Length + 1);
        index.Raw(place.Written);
        var footer = new WireWriter();
        footer.U64((ulong)(TableFormat.HeaderBytes + Leaf().Length + FormatLimits.TagBytes));
        footer.U32((uint)(index.Length + FormatLimits.TagBytes));
        footer.U32(1);
        footer.U8(1);
        footer.U64(4);
        footer.U64(10);
        return [[.. footer.Written, .. index.Written]];
    }

    private static void ParseTable(byte[] input)
    {
        var footer = new byte[TableFormat.FooterBytes];
        input.AsSpan(0, Math.Min(input.Length, footer.Length)).CopyTo(footer);
        var index = input[Math.Min(input.Length, footer.Length)..];
        byte[] header = [.. TableFormat.Magic, TableFormat.Version, 0, 0, 0, .. FuzzKeys.Ring.RepositoryId, .. FuzzKeys.Salt];
        byte[] file = [.. header, .. Block(header, Leaf(), 0, 0), .. Block(header, index, 1, footer[16]), .. Block(header, footer, TableFormat.FooterOrdinal, 0)];
        using var table = FuzzKeys.Done(Table.OpenAsync(FuzzKeys.File(TableName, file), new TableCache(1 << 20), TableName, FuzzKeys.Ring, default));
        _ = FuzzKeys.Done(table.FindAsync(new byte[] { 1, 2 }, default));
        var cursor = table.Scan(default);
        while (FuzzKeys.Done(cursor.NextAsync(default)))
        {
            _ = cursor.Current.Payload.Length;
        }
    }

    private static byte[] Block(byte[] header, byte[] plaintext, uint ordinal, byte level)
    {
        var (stored, tag, nonce, associated) = (new byte[plaintext.Length], new byte[FormatLimits.TagBytes], new byte[12], new byte[header.Length + 5]);
        TableFormat.Nonce(nonce, ordinal);
        header.CopyTo(associated, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(associated.AsSpan(header.Length), ordinal);
        associated[^1] = level;
        using var cipher = FuzzKeys.Ring.TableCipher(header.AsSpan(header.Length - KeyRing.SaltBytes));
        cipher.Encrypt(nonce, plaintext, stored, tag, associated);
        return [.. stored, .. tag];
    }

    private static IEnumerable<byte[]> PageBlocks() => [[255, 255, .. new byte[5120]], [199, 9, .. new byte[232]]];

    /// <summary>As a page table refers to it: pages less one, kept pages less one, then the block.</summary>
    private static void ParsePageBlock(byte[] input)
    {
        var place = input.Length < 2 || input[1] > input[0]
            ? throw new InvalidDataException("no page table says that")
            : new PageTable.Block(0, 0, input[0] + 1, input[1] + 1);
        var block = new byte[place.LengthBytes];
        input.AsSpan(2, Math.Min(block.Length, input.Length - 2)).CopyTo(block);
        _ = PageBlock.Decode(FuzzKeys.Ring, block, place.Pages, place.Kept, new byte[FormatLimits.FingerprintBytes]);
    }

    private static IEnumerable<byte[]> Places() => [SegmentKeys.Encode(Samples.Packs[0].Segments[0]), SegmentKeys.Encode(Samples.Packs[0])];

    private static void ParsePlace(byte[] input)
    {
        try
        {
            _ = SegmentKeys.DecodePack(input);
        }
        catch (InvalidDataException)
        {
            _ = SegmentKeys.DecodePlace(Samples.Id, input);
        }
    }
}
