using Harness.Engine.Model;

namespace Harness.Engine.Local.Ntfs;

/// <summary>One $DATA attribute of a file record: a stream as NTFS stores it.</summary>
/// <param name="Name">Stream name, "" for the unnamed one.</param>
/// <param name="Flags">Attribute flags: 0x00ff compression, 0x4000 encrypted, 0x8000 sparse.</param>
/// <param name="SizeBytes">Logical size.</param>
/// <param name="AllocatedBytes">Bytes in clusters, holes and compressed-away clusters not counted; 0 when resident.</param>
/// <param name="Runs">Its clusters; null when it is resident in the record.</param>
/// <param name="ClusterBytes">Bytes of one cluster.</param>
internal sealed record NtfsData(
    string Name, ushort Flags, long SizeBytes, long AllocatedBytes, RunList? Runs, int ClusterBytes)
{
    private const ushort CompressionMask = 0x00ff;
    private const ushort EncryptedFlag = 0x4000;
    private const ushort SparseFlag = 0x8000;

    internal EntryTraits Traits =>
        ((Flags & CompressionMask) != 0 ? EntryTraits.Compressed : EntryTraits.None)
        | ((Flags & EncryptedFlag) != 0 ? EntryTraits.Encrypted : EntryTraits.None)
        | ((Flags & SparseFlag) != 0 ? EntryTraits.Sparse : EntryTraits.None);

    /// <summary>
    /// The allocated ranges within a length. A compressed stream is one range: its holes are partly the gain of compression.
    /// </summary>
    internal IReadOnlyList<ByteRange> Ranges(long lengthBytes)
    {
        if (Runs is null || Traits.HasFlag(EntryTraits.Compressed))
        {
            return [new ByteRange(0, lengthBytes)];
        }

        var ranges = new List<ByteRange>();
        foreach (var run in Runs.Runs.Where(run => !run.IsHole))
        {
            var start = run.Vcn * ClusterBytes;
            var end = Math.Min(lengthBytes, (run.Vcn + run.Clusters) * ClusterBytes);
            if (start >= end)
            {
                break;
            }

            if (ranges.Count > 0 && ranges[^1].End == start)
            {
                ranges[^1] = ranges[^1] with { Length = end - ranges[^1].Offset };
            }
            else
            {
                ranges.Add(new ByteRange(start, end - start));
            }
        }

        return ranges;
    }
}
