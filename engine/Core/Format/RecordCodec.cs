using Harness.Engine.Model;
using Harness.Engine.Rules;

namespace Harness.Engine.Format;

/// <summary>
/// Writes and reads the payload of manifest records (FORMAT.md section 7). Reading throws <see cref="InvalidDataException"/>
/// on anything that does not fit; callers name the blob.
/// </summary>
internal static class RecordCodec
{
    /// <summary>Traits that a record keeps.</summary>
    public const EntryTraits KeptTraits =
        EntryTraits.Encrypted | EntryTraits.Compressed | EntryTraits.Sparse | EntryTraits.HardLink | EntryTraits.ReparsePoint;

    private const int LongestIssueEnd = 8_000;

    /// <summary>The payload; content as patches over <paramref name="parent"/> where that is shorter.</summary>
    public static byte[] Encode(EntryRecord entry, EntryRecord? parent)
    {
        var output = new WireWriter();
        output.U8((byte)entry.Kind);
        output.U8(entry.Protection == Protection.FullOnly ? (byte)1 : (byte)0);
        output.VarInt((ulong)(entry.Traits & KeptTraits));
        output.VarInt((ulong)entry.Attributes);
        output.U64(entry.Parent);
        output.Text(entry.Name);
        Times(output, entry.Times);
        output.U8((byte)entry.Security.Kind);
        output.Bytes(entry.Security.Bytes.Span);
        output.Bytes(entry.EncryptionInfo.Span);
        output.VarInt((ulong)entry.Streams.Count);
        foreach (var stream in entry.Streams)
        {
            output.Text(stream.Name);
            output.VarInt(stream.Id);
            output.VarInt(stream.SizeBytes);
            output.VarInt(stream.AllocatedBytes);
            output.VarInt((ulong)(stream.Traits & KeptTraits));
            output.VarInt(stream.RawSizeBytes is { } raw ? raw + 1 : 0);
            ContentCodec.Encode(output, stream.Content, parent?.FindStream(stream.Name)?.Content);
        }

        if (entry.Reparse is { } reparse)
        {
            output.U32(reparse.Tag);
            output.U8(reparse.IsDirectory ? (byte)1 : (byte)0);
            output.Bytes(reparse.Data.Span);
        }

        if (entry.Traits.HasFlag(EntryTraits.HardLink))
        {
            Names(output, entry.Names);
        }

        return output.ToArray();
    }

    /// <summary>Whether the payload of an entry says that it is a directory.</summary>
    public static bool IsDirectory(ReadOnlySpan<byte> payload) => payload.Length > 0 && payload[0] == (byte)EntryKind.Directory;

    public static EntryRecord DecodeEntry(ulong fileReference, ReadOnlySpan<byte> payload, EntryRecord? parent)
    {
        var reader = new WireReader(payload);
        var kind = (EntryKind)reader.U8();
        var protection = reader.U8();
        if (kind is not (EntryKind.File or EntryKind.Directory or EntryKind.SymbolicLink) || protection > 1)
        {
            throw new InvalidDataException("an entry is of unknown kind");
        }

        var entry = new EntryRecord
        {
            FileReference = fileReference,
            Kind = kind,
            Protection = protection == 1 ? Protection.FullOnly : Protection.Incremental,
            Traits = (EntryTraits)reader.Count((long)KeptTraits) & KeptTraits,
            Attributes = (uint)reader.Count(uint.MaxValue),
            Parent = reader.U64(),
            Name = reader.Text(),
            Times = Times(ref reader),
            Security = new EntrySecurity((SecurityKind)reader.Count((long)SecurityKind.Windows), reader.Bytes().ToArray()),
            EncryptionInfo = reader.Bytes().ToArray(),
            Streams = Streams(ref reader, parent),
        };
        entry = entry with
        {
            Reparse = kind == EntryKind.SymbolicLink ? Reparse(ref reader) : null,
            Names = entry.Traits.HasFlag(EntryTraits.HardLink) ? Names(ref reader) : [],
        };
        reader.End();
        return entry;
    }

    private static ReparseContent Reparse(ref WireReader reader)
    {
        var (tag, isDirectory) = (reader.U32(), reader.Count(1) == 1);
        return new ReparseContent(tag, reader.Bytes(ReparseContent.MostDataBytes).ToArray(), isDirectory);
    }

    private static void Names(WireWriter output, IReadOnlyList<EntryName> names)
    {
        output.VarInt((ulong)names.Count);
        foreach (var name in names)
        {
            output.U64(name.Parent);
            output.Text(name.Name);
        }
    }

    private static EntryName[] Names(ref WireReader reader)
    {
        var names = new EntryName[reader.Count(reader.Remaining / (sizeof(ulong) + 1))];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = new EntryName(reader.U64(), reader.Text());
        }

        return names;
    }

    public static byte[] Encode(IssueRecord issue)
    {
        var output = new WireWriter();
        output.U8(issue.Failed ? (byte)1 : (byte)0);
        output.U64(issue.Parent);
        output.Text(Shortened(issue.Name));
        output.U64(issue.FileReference);
        output.Text(issue.Reason);
        output.Text(issue.Clause);
        output.Text(issue.Status);
        output.Text(Shortened(issue.Message));
        return output.ToArray();
    }

    public static IssueRecord DecodeIssue(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        var issue = new IssueRecord(
            reader.Count(1) == 1,
            reader.U64(),
            reader.Text(),
            reader.U64(),
            reader.Text(),
            reader.Text(),
            reader.Text(),
            reader.Text());
        reader.End();
        return issue;
    }

    /// <summary>The full form of a record that is put, whose payload may be a patch over <paramref name="before"/>, in full form.</summary>
    public static byte[] Expand(KeyedRecord record, byte[]? before)
    {
        switch (record.Key.Space)
        {
            case RecordKey.Entries:
                var id = record.Key.Id;
                var parent = before is null ? null : DecodeEntry(id, before, parent: null);
                return Encode(DecodeEntry(id, record.Payload, parent), parent: null);
            case RecordKey.Regions:
                var region = before is null ? null : DecodeRegion(before, parent: null);
                return Encode(DecodeRegion(record.Payload, region), parent: null);
            default:
                _ = DecodeIssue(record.Payload);
                return record.Payload!;
        }
    }

    /// <summary>The payload of one region of a long stream.</summary>
    public static byte[] Encode(ProtectedContent region, ProtectedContent? parent)
    {
        var output = new WireWriter();
        output.VarInt(region.LengthBytes);
        ContentCodec.Encode(output, region, parent);
        return output.ToArray();
    }

    public static ProtectedContent DecodeRegion(ReadOnlySpan<byte> payload, ProtectedContent? parent)
    {
        var reader = new WireReader(payload);
        var region = ContentCodec.Decode(ref reader, reader.Count(FormatLimits.RegionBytes), parent)!;
        reader.End();
        return region;
    }

    /// <summary>A path of 32,767 UTF-16 units can pass the limit of a text; it is shown, never opened, so its ends will do.</summary>
    private static string Shortened(string text) =>
        text.Length <= 2 * LongestIssueEnd ? text : $"{text[..LongestIssueEnd]}...{text[^LongestIssueEnd..]}";

    private static StreamRecord[] Streams(ref WireReader reader, EntryRecord? parent)
    {
        var count = reader.Count(FormatLimits.StreamsPerEntry);
        var streams = new List<StreamRecord>();
        for (var i = 0; i < count; i++)
        {
            var name = reader.Text();
            var id = (uint)reader.Count(FormatLimits.StreamsPerEntry);
            var size = reader.Count(long.MaxValue);
            var allocated = reader.Count(long.MaxValue);
            var traits = (EntryTraits)reader.Count((long)KeptTraits) & KeptTraits;
            var raw = reader.Count(long.MaxValue);
            long? rawSize = raw == 0 ? null : raw - 1;
            streams.Add(new StreamRecord
            {
                Name = name,
                Id = id,
                SizeBytes = size,
                AllocatedBytes = allocated,
                Traits = traits,
                RawSizeBytes = rawSize,
                Content = ContentCodec.Decode(ref reader, rawSize ?? size, parent?.FindStream(name)?.Content),
            });
        }

        return [.. streams];
    }

    private static void Times(WireWriter output, EntryTimes times)
    {
        Timestamp?[] all = [times.Created, times.Written, times.Changed, times.Accessed];
        byte mask = 0;
        for (var i = 0; i < all.Length; i++)
        {
            mask |= all[i] is null ? (byte)0 : (byte)(1 << i);
        }

        output.U8(mask);
        foreach (var time in all)
        {
            if (time is { } value)
            {
                output.ZigZag(value.UnixSeconds);
                output.VarInt((ulong)value.Nanoseconds);
            }
        }
    }

    private static EntryTimes Times(ref WireReader reader)
    {
        var mask = reader.Count(15);
        return new EntryTimes(
            Time(ref reader, mask, 1), Time(ref reader, mask, 2), Time(ref reader, mask, 4), Time(ref reader, mask, 8));
    }

    private static Timestamp? Time(ref WireReader reader, long mask, int bit) =>
        (mask & bit) == 0 ? null : new Timestamp(reader.ZigZag(), (int)reader.Count(999_999_999));
}
