using Harness.Engine.Format;
using Harness.Engine.State;

namespace Harness.Engine.Resume;

/// <summary>
/// What a run notes of itself, in frames of the run log and in checkpoints (FORMAT.md section 14). In the log a section begins
/// with each attempt and says what it follows; items follow as entries and pieces are read; a batch follows each pack that is
/// in the vault, and says how many of the section's items are complete by then. Every frame is sealed by itself.
/// </summary>
internal static class RunLogFormat
{
    public const string Context = "run";
    public const byte Section = 0;
    public const byte Items = 1;
    public const byte Batch = 2;

    private const byte CheckpointVersion = 1;
    private const byte EntryItem = 0;

    public static byte[] EncodeSection(RunSection section)
    {
        var output = new WireWriter();
        output.U8(Section);
        WriteSection(output, section);
        return output.ToArray();
    }

    public static RunSection DecodeSection(ref WireReader reader) => new(
        reader.Hash(), reader.Text(), new DateTimeOffset(reader.Count(DateTime.MaxValue.Ticks), TimeSpan.Zero));

    /// <summary>A batch: packs that are in the vault, and how many items of the section are complete with them.</summary>
    public static byte[] EncodeBatch(IReadOnlyList<IndexedPack> packs, long items)
    {
        var output = new WireWriter(4096);
        output.U8(Batch);
        output.VarInt(items);
        output.Raw(IndexDocument.Encode(packs));
        return output.ToArray();
    }

    public static (long Items, IReadOnlyList<IndexedPack> Packs) DecodeBatch(ref WireReader reader)
    {
        var items = reader.Count(long.MaxValue);
        return (items, IndexDocument.Decode(reader.Raw(reader.Remaining), "run log"));
    }

    /// <summary>The plaintext of a checkpoint.</summary>
    public static byte[] EncodeCheckpoint(RunSection section, IReadOnlyList<IndexedPack> packs, long items, ReadOnlySpan<byte> encodedItems)
    {
        var index = IndexDocument.Encode(packs);
        var output = new WireWriter(index.Length + encodedItems.Length + 256);
        output.U8(CheckpointVersion);
        WriteSection(output, section);
        output.Bytes(index);
        output.VarInt(items);
        output.Raw(encodedItems);
        return output.ToArray();
    }

    public static (RunSection Section, IReadOnlyList<IndexedPack> Packs, IReadOnlyList<byte[]> Items) DecodeCheckpoint(
        ReadOnlySpan<byte> plaintext, string name)
    {
        try
        {
            var reader = new WireReader(plaintext);
            if (reader.U8() != CheckpointVersion)
            {
                throw new InvalidDataException("its version is unknown");
            }

            var section = DecodeSection(ref reader);
            var packs = IndexDocument.Decode(reader.Bytes(FormatLimits.SealedBlobBytes), name);
            var items = new byte[reader.Count(reader.Remaining)][];
            for (var i = 0; i < items.Length; i++)
            {
                items[i] = reader.Bytes(FormatLimits.SealedBlobBytes).ToArray();
                _ = KeyOf(items[i]);
            }

            reader.End();
            return (section, packs, items);
        }
        catch (InvalidDataException error)
        {
            throw Damage.In(name, error.Message, error);
        }
    }

    /// <summary>An entry, without its pages: those are appended where they are of use.</summary>
    public static byte[] Encode(KeptEntry entry)
    {
        var record = RecordCodec.Encode(entry.Record, parent: null);
        var output = new WireWriter(record.Length + 32);
        output.U8(EntryItem);
        output.U64(entry.Record.FileReference);
        output.VarInt(entry.ChangedBytes);
        output.Bytes(record);
        return output.ToArray();
    }

    /// <summary>A piece, without its pages.</summary>
    public static byte[] Encode(RegionPiece piece)
    {
        var record = RecordCodec.Encode(piece.File, parent: null);
        var content = RecordCodec.Encode(piece.Content, parent: null);
        var output = new WireWriter(record.Length + content.Length + 64);
        output.U8(EntryItem + 1);
        output.U64(piece.Region.Id);
        output.VarInt(piece.ChangedBytes);
        output.Bytes(record);
        output.VarInt(piece.Region.Sub);
        output.VarInt((ulong)piece.From);
        output.VarInt((ulong)piece.To);
        output.Bytes(content);
        return output.ToArray();
    }

    /// <summary>Appends an item and its pages.</summary>
    public static void Append(WireWriter output, byte[] item, IReadOnlyList<(uint StreamId, PageTable Pages)> pages)
    {
        var tail = new WireWriter(64);
        tail.VarInt((ulong)pages.Count);
        foreach (var (streamId, table) in pages)
        {
            tail.VarInt(streamId);
            tail.Bytes(table.Encode());
        }

        output.VarInt((ulong)(item.Length + tail.Length));
        output.Raw(item);
        output.Raw(tail.Written);
    }

    /// <summary>What an item is about; a piece is known by where it begins.</summary>
    public static ItemKey KeyOf(ReadOnlySpan<byte> item)
    {
        var reader = new WireReader(item);
        var isPiece = reader.U8() switch
        {
            EntryItem => false,
            EntryItem + 1 => true,
            _ => throw new InvalidDataException("an item is of unknown kind"),
        };
        var reference = reader.U64();
        if (!isPiece)
        {
            return new ItemKey(IsPiece: false, reference, 0, 0);
        }

        _ = reader.VarInt();
        _ = reader.Bytes(FormatLimits.SealedBlobBytes);
        return new ItemKey(IsPiece: true, reference, reader.VarInt(), (int)reader.Count(FormatLimits.RegionBytes / FormatLimits.RangeBytes));
    }

    public static KeptEntry DecodeEntry(ref WireReader reader)
    {
        _ = reader.U8();
        var reference = reader.U64();
        var changed = reader.Count(long.MaxValue);
        var record = RecordCodec.DecodeEntry(reference, reader.Bytes(FormatLimits.SealedBlobBytes), parent: null);
        return new KeptEntry(record, DecodePages(ref reader), changed);
    }

    public static RegionPiece DecodePiece(ref WireReader reader)
    {
        const long mostRanges = FormatLimits.RegionBytes / FormatLimits.RangeBytes;
        _ = reader.U8();
        var reference = reader.U64();
        var changed = reader.Count(long.MaxValue);
        var file = RecordCodec.DecodeEntry(reference, reader.Bytes(FormatLimits.SealedBlobBytes), parent: null);
        var key = new RecordKey(RecordKey.Regions, reference, reader.VarInt());
        var (from, to) = ((int)reader.Count(mostRanges), (int)reader.Count(mostRanges));
        var content = RecordCodec.DecodeRegion(reader.Bytes(FormatLimits.SealedBlobBytes), parent: null);
        var pages = DecodePages(ref reader);
        return new RegionPiece(file, key, from, to, content, pages.Length == 0 ? PageTable.Empty : pages[0].Pages, changed);
    }

    private static (uint StreamId, PageTable Pages)[] DecodePages(ref WireReader reader)
    {
        var pages = new (uint, PageTable)[reader.Count(FormatLimits.StreamsPerEntry)];
        for (var i = 0; i < pages.Length; i++)
        {
            pages[i] = ((uint)reader.Count(FormatLimits.StreamsPerEntry), PageTable.Decode(reader.Bytes(FormatLimits.SealedBlobBytes)));
        }

        return pages;
    }

    private static void WriteSection(WireWriter output, RunSection section)
    {
        output.Hash(section.Parent);
        output.Text(section.Rules);
        output.VarInt(section.TakenAt.UtcTicks);
    }
}
