using System.Text;
using Harness.Engine.Model;
using Harness.Engine.Rules;

namespace Harness.Engine.Format;

/// <summary>Compares a listed entry with the bytes of its record, without decoding them.</summary>
internal static class ListedEntry
{
    /// <summary>
    /// Whether a record in full form says what the listing says: everything but last access and content, with the very streams.
    /// False for no bytes, and for bytes that are no record.
    /// </summary>
    public static bool IsSame(
        ReadOnlySpan<byte> payload, SourceEntry entry, Protection protection, IReadOnlyList<SourceStream> streams)
    {
        try
        {
            return payload.Length > 0 && SameEntry(payload, entry, protection, streams);
        }
        catch (InvalidDataException)
        {
            // Whoever decodes it says what is wrong with it.
            return false;
        }
    }

    private static bool SameEntry(
        ReadOnlySpan<byte> payload, SourceEntry entry, Protection protection, IReadOnlyList<SourceStream> streams)
    {
        var reader = new WireReader(payload);
        return reader.U8() == (byte)entry.Kind
            && reader.U8() == (protection == Protection.FullOnly ? 1 : 0)
            && reader.VarInt() == (ulong)(entry.Traits & RecordCodec.KeptTraits)
            && reader.VarInt() == entry.Attributes
            && reader.U64() == entry.ParentReference
            && SameText(reader.Bytes(), entry.Path.AsSpan(entry.Path.LastIndexOf('/') + 1))
            && SameTimes(ref reader, entry.Times)
            && reader.U8() == (byte)entry.Security.Kind
            && reader.Bytes().SequenceEqual(entry.Security.Bytes.Span)
            && reader.Bytes().SequenceEqual(entry.EncryptionInfo.Span)
            && SameStreams(ref reader, streams);
    }

    private static bool SameStreams(ref WireReader reader, IReadOnlyList<SourceStream> streams)
    {
        if (reader.VarInt() != (ulong)streams.Count)
        {
            return false;
        }

        for (var i = 0; i < streams.Count; i++)
        {
            var stream = streams[i];
            if (!SameText(reader.Bytes(), stream.Name))
            {
                return false;
            }

            _ = reader.VarInt();
            if (reader.VarInt() != (ulong)stream.SizeBytes
                || reader.VarInt() != (ulong)stream.AllocatedBytes
                || reader.VarInt() != (ulong)(stream.Traits & RecordCodec.KeptTraits)
                || reader.VarInt() != (stream.RawSizeBytes is { } raw ? (ulong)raw + 1 : 0))
            {
                return false;
            }

            if (i < streams.Count - 1)
            {
                _ = ContentCodec.Decode(ref reader, stream.ReadableBytes, parent: null);
            }
        }

        return true;
    }

    private static bool SameTimes(ref WireReader reader, EntryTimes times)
    {
        const int Accessed = 8;
        var mask = reader.U8();
        return SameTime(ref reader, mask, 1, times.Created)
            && SameTime(ref reader, mask, 2, times.Written)
            && SameTime(ref reader, mask, 4, times.Changed)
            && ((mask & Accessed) == 0 || SkipTime(ref reader));
    }

    private static bool SameTime(ref WireReader reader, byte mask, byte bit, Timestamp? time) => (mask & bit) == 0
        ? time is null
        : time is { } value && reader.ZigZag() == value.UnixSeconds && reader.VarInt() == (ulong)value.Nanoseconds;

    private static bool SkipTime(ref WireReader reader)
    {
        _ = reader.ZigZag();
        _ = reader.VarInt();
        return true;
    }

    private static bool SameText(ReadOnlySpan<byte> bytes, ReadOnlySpan<char> text) =>
        Ascii.Equals(bytes, text) || (!Ascii.IsValid(text) && WireText.Encode(text.ToString()).AsSpan().SequenceEqual(bytes));
}
