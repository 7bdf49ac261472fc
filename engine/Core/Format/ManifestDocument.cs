namespace Harness.Engine.Format;

/// <summary>Writes and reads the parts of a manifest (FORMAT.md section 7).</summary>
internal static class ManifestDocument
{
    private const byte PartVersion = 1;
    private const int PartBytes = 16 << 20;

    public static string Context(string source) => $"manifest/{source}";

    /// <summary>Plaintexts of the parts that hold the records, which ascend by key. No record, no part.</summary>
    public static IEnumerable<byte[]> Encode(IReadOnlyList<KeyedRecord> records)
    {
        var start = 0;
        while (start < records.Count)
        {
            var end = start;
            for (long bytes = 0; end < records.Count && (end == start || bytes < PartBytes); end++)
            {
                bytes += 24 + (records[end].Payload?.Length ?? 0);
            }

            yield return EncodePart(records, start, end);
            start = end;
        }
    }

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

    private static byte[] EncodePart(IReadOnlyList<KeyedRecord> records, int start, int end)
    {
        var output = new WireWriter(64 << 10);
        output.U8(PartVersion);
        output.VarInt((ulong)(end - start));
        RecordKey previous = default;
        for (var i = start; i < end; i++)
        {
            var record = records[i];
            output.U8(record.Key.Space);
            output.ZigZag(unchecked((long)(record.Key.Id - (record.Key.Space == previous.Space ? previous.Id : 0))));
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

        var count = reader.Count(reader.Remaining / 3);
        var records = new List<KeyedRecord>((int)count);
        RecordKey? previous = null;
        for (; count > 0; count--)
        {
            var space = reader.U8();
            var before = previous is { } p && p.Space == space ? p.Id : 0;
            var key = new RecordKey(space, unchecked(before + (ulong)reader.ZigZag()));
            if (space > RecordKey.Issues || (previous is { } last && last.CompareTo(key) >= 0))
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
