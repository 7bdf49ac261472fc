using Harness.Engine.Format;
using Harness.Engine.State;

namespace Harness.Engine.Resume;

/// <summary>
/// Frames of the run log: a section begins with each attempt and says what it follows; a batch follows each pack that is in
/// the vault and holds the entries that are complete by then. Every frame is sealed by itself, so a torn end costs one batch.
/// </summary>
internal static class RunLogFormat
{
    public const string Context = "run";
    public const byte Section = 0;
    public const byte Batch = 1;

    public static byte[] EncodeSection(RunSection section)
    {
        var output = new WireWriter();
        output.U8(Section);
        output.Hash(section.Parent);
        output.Text(section.Profile);
        output.VarInt(section.TakenAt.UtcTicks);
        return output.ToArray();
    }

    public static byte[] EncodeBatch(IReadOnlyList<IndexedPack> packs, IEnumerable<KeptEntry> entries)
    {
        var output = new WireWriter(4096);
        output.U8(Batch);
        output.Bytes(IndexDocument.Encode(packs));
        foreach (var entry in entries)
        {
            output.U64(entry.Record.FileReference);
            output.Bytes(RecordCodec.Encode(entry.Record, parent: null));
            output.VarInt((ulong)entry.Pages.Count);
            foreach (var (streamId, pages) in entry.Pages)
            {
                output.VarInt(streamId);
                output.Bytes(pages.Encode());
            }
        }

        return output.ToArray();
    }

    public static RunSection DecodeSection(ref WireReader reader) => new(
        reader.Hash(), reader.Text(), new DateTimeOffset(reader.Count(DateTime.MaxValue.Ticks), TimeSpan.Zero));

    public static IReadOnlyList<IndexedPack> DecodePacks(ref WireReader reader) =>
        IndexDocument.Decode(reader.Bytes(FormatLimits.SealedBlobBytes), "run log");

    public static KeptEntry DecodeEntry(ref WireReader reader)
    {
        var reference = reader.U64();
        var record = RecordCodec.DecodeEntry(reference, reader.Bytes(FormatLimits.SealedBlobBytes), parent: null);
        var pages = new (uint, PageTable)[reader.Count(FormatLimits.StreamsPerEntry)];
        for (var i = 0; i < pages.Length; i++)
        {
            pages[i] = ((uint)reader.Count(FormatLimits.StreamsPerEntry), PageTable.Decode(reader.Bytes(FormatLimits.SealedBlobBytes)));
        }

        return new KeptEntry(record, pages);
    }
}

/// <summary>What an attempt follows.</summary>
/// <param name="Parent">Hash of the last commit; zero before the first.</param>
/// <param name="Profile">The rules.</param>
/// <param name="TakenAt">When its snapshot was taken.</param>
internal sealed record RunSection(Hash256 Parent, string Profile, DateTimeOffset TakenAt);
