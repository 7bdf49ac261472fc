namespace Harness.Simulator.Journal;

/// <summary>One answer of the journal.</summary>
/// <param name="NextUsn">Where to go on; the journal's own next USN when all was read.</param>
/// <param name="Records">Records that the query asked for, ascending by USN.</param>
public sealed record JournalBatch(long NextUsn, IReadOnlyList<UsnRecord> Records)
{
    /// <summary>The buffer as FSCTL_READ_USN_JOURNAL fills it: the next USN, then the records one after another.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[8 + Records.Sum(record => record.RecordLength)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes, NextUsn);
        var at = 8;
        foreach (var record in Records)
        {
            UsnLayout.Write(record, bytes.AsSpan(at));
            at += record.RecordLength;
        }

        return bytes;
    }
}
