namespace Harness.Engine.Format;

/// <summary>Writes and reads the parts of a manifest (FORMAT.md section 7).</summary>
internal static class ManifestDocument
{
    private const byte PartVersion = 1;

    /// <summary>A part is closed when its records have this many bytes.</summary>
    public const int PartBytes = 16 << 20;

    public static string Context(string source) => $"manifest/{source}";

    /// <summary>About the bytes that a record takes in a part.</summary>
    public static int BytesOf(in KeyedRecord record) => 24 + (record.Payload?.Length ?? 0);

    public static IReadOnlyList<KeyedRecord> Decode(ReadOnlySpan<byte> plaintext, string name)
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

    /// <summary>The plaintext of one part; the records ascend by key.</summary>
    public static byte[] EncodePart(IReadOnlyList<KeyedRecord> records)
    {
        var output = new WireWriter(64 << 10);
        output.U8(PartVersion);
        output.VarInt((ulong)records.Count);
        RecordKey previous = default;
        foreach (var record in records)
        {
            output.U8(record.Key.Space);
            output.ZigZag(unchecked((long)(record.Key.Id - (record.Key.Space == previous.Space ? previous.Id : 0))));
            if (record.Key.Space == RecordKey.Regions)
            {
                output.VarInt(record.Key.Sub);
            }

            output.U8(record.Payload is null ? (byte)0 : (byte)1);
            if (record.Payload is { } payload)
            {
                output.Bytes(payload);
            }

            previous = record.Key;
        }

        return output.ToArray();
    }

    private static List<KeyedRecord> Decode(ReadOnlySpan<byte> plaintext)
    {
        var reader = new WireReader(plaintext);
        if (reader.U8() != PartVersion)
        {
            throw new InvalidDataException("its part version is unknown");
        }

        var count = reader.Count(Math.Min(reader.Remaining / 3, FormatLimits.PartRecords));
        var records = new List<KeyedRecord>((int)count);
        RecordKey? previous = null;
        for (; count > 0; count--)
        {
            var space = reader.U8();
            var before = previous is { } p && p.Space == space ? p.Id : 0;
            var id = unchecked(before + (ulong)reader.ZigZag());
            var key = new RecordKey(space, id, space == RecordKey.Regions ? reader.VarInt() : 0);
            if (space > RecordKey.Regions || (previous is { } last && last.CompareTo(key) >= 0))
            {
                throw new InvalidDataException("its records do not ascend");
            }

            var payload = reader.Count(1) == 0 ? null : reader.Bytes(FormatLimits.SealedBlobBytes).ToArray();
            records.Add(new KeyedRecord(key, payload));
            previous = key;
        }

        reader.End();
        return records;
    }
}
