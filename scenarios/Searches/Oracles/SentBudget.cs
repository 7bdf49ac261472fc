using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches.Oracles;

/// <summary>
/// What a run may send at most (design section 4): 1.01 times the 4 KiB pages that truly changed, a file of which more than bytes changed
/// whole, and a fixed part. Counted from the volumes themselves and not from anything that the engine says.
/// </summary>
internal static class SentBudget
{
    /// <summary>What each recovery point may cost whatever changed, in bytes.</summary>
    public const int FixedBytes = 16 << 10;

    /// <summary>What each entry may cost in metadata, in bytes, when it is told anew.</summary>
    public const int EntryBytes = 512;

    private const int PageBytes = 4096;
    private const int RangeBytes = 1 << 20;
    private const int Percent = 101;

    /// <summary>After a change of one of these the rules may say another thing of the file, or another form of it is kept.</summary>
    private const VolumeChangeAspects Anew = VolumeChangeAspects.Links | VolumeChangeAspects.Attributes | VolumeChangeAspects.Reparse
        | VolumeChangeAspects.EncryptionInfo | VolumeChangeAspects.Storage | VolumeChangeAspects.Streams;

    /// <summary>The bytes that the blobs of a run may have.</summary>
    /// <param name="before">The volume as the recovery point before holds it all; null where there is none, or it lacks something.</param>
    /// <param name="now">The volume as the run's snapshot shows it.</param>
    /// <param name="isWhole">Whether the run may tell all entries anew: the first one, and a checkpoint after 16 others.</param>
    /// <param name="isExact">Whether fingerprints of pages are at hand: else a change is known by ranges of 1 MiB.</param>
    public static long Of(VolumeSnapshot? before, VolumeSnapshot now, bool isWhole, bool isExact)
    {
        var changes = before?.DiffTo(now).Changes ?? [];
        var changed = before is null
            ? now.Walk().Sum(WholeOf)
            : changes.Where(change => change.Kind != VolumeChangeKind.Deleted).Sum(change => Changed(now, change, isExact));
        return (changed * Percent / 100) + FixedBytes + (EntryBytes * (isWhole || before is null ? now.FileCount + now.DirectoryCount : changes.Count));
    }

    private static long Changed(VolumeSnapshot now, VolumeChange change, bool isExact)
    {
        if (now.Find(change.Reference) is not { } entry)
        {
            return 0;
        }

        var isEncrypted = (entry.Attributes & FileAttributes.Encrypted) != FileAttributes.None;
        return change.Kind == VolumeChangeKind.Created || (change.Aspects & Anew) != VolumeChangeAspects.None || (isEncrypted && change.Streams.Count > 0)
            ? WholeOf(entry)
            : change.Streams.Sum(stream => UnitsOf(stream, isExact ? PageBytes : RangeBytes));
    }

    private static long WholeOf(VolumeEntry entry) => entry.Streams.Sum(stream =>
        stream.Flags.HasFlag(StreamFlags.Encrypted) ? EfsCipher.RawLength(stream.SizeBytes)
        : stream.Flags.HasFlag(StreamFlags.Sparse) ? Math.Max(stream.AllocatedBytes, Math.Min(stream.SizeBytes, PageBytes))
        : stream.SizeBytes);

    /// <summary>The bytes of the pages or ranges of which something changed. The page at the end of a stream changes with its length.</summary>
    private static long UnitsOf(StreamChange stream, int unitBytes)
    {
        var units = stream.Ranges.SelectMany(range => Units(range.Offset, range.End, unitBytes)).ToHashSet();
        if (stream.SizeBefore != stream.SizeAfter)
        {
            units.UnionWith(Units(Math.Min(stream.SizeBefore, stream.SizeAfter) - 1, Math.Min(stream.SizeBefore, stream.SizeAfter), unitBytes));
        }

        return units.Where(unit => unit >= 0).Sum(unit => Math.Clamp(stream.SizeAfter - (unit * unitBytes), 0, unitBytes));
    }

    private static IEnumerable<long> Units(long from, long to, int unitBytes)
    {
        for (var unit = Math.Max(from, 0) / unitBytes; unit * unitBytes < to; unit++)
        {
            yield return unit;
        }
    }
}
