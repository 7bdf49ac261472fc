using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Engine.Backup;

/// <summary>Turns what a change tracker says of an entry into what of a stream has to be read. Pure.</summary>
internal static class DirtyRanges
{
    /// <summary>The ranges to read, ascending; empty when the content is as it was, null when all has to be read.</summary>
    public static IReadOnlyList<ByteRange>? Of(StreamBackup stream, IReadOnlyList<StreamChange>? changes)
    {
        if (changes is null || stream.Previous is not { } before
            || before.RawSizeBytes is null != stream.Source.RawSizeBytes is null
            || (before.RawSizeBytes is not null && HasOtherKey(stream.Entry))
            || (stream.IsFullOnly && stream.Entry.Previous!.Protection != stream.Entry.Plan.Verdict.Protection))
        {
            return null;
        }

        var change = changes.FirstOrDefault(change => change.Name == stream.Source.Name);
        if (change is { IsWhole: true })
        {
            return null;
        }

        var dirty = change?.DirtyRanges ?? [];
        if (stream.IsFullOnly || before.RawSizeBytes is not null)
        {
            // A tracker tells of offsets in a file's content, and a raw stream has others.
            return dirty.Count == 0 && before.ContentBytes == stream.LengthBytes ? [] : null;
        }

        var merged = new List<ByteRange>();
        foreach (var range in WithEnds(dirty, before.ContentBytes, stream.LengthBytes))
        {
            Add(merged, range, stream.LengthBytes);
        }

        // A stream that was cut to nothing has nothing to read, and yet is not as it was.
        return merged.Count == 0 && before.ContentBytes != stream.LengthBytes ? null : merged;
    }

    /// <summary>A file that was encrypted anew has the same content in other raw bytes.</summary>
    private static bool HasOtherKey(EntryBackup entry) =>
        !entry.Plan.Entry.EncryptionInfo.Span.SequenceEqual(entry.Previous!.EncryptionInfo.Span);

    /// <summary>A moved end changes the page that it lay in and all between the ends, whoever tells so or not.</summary>
    private static IEnumerable<ByteRange> WithEnds(IReadOnlyList<ByteRange> dirty, long before, long now)
    {
        if (before == now)
        {
            return dirty;
        }

        var (low, high) = (Math.Max(Math.Min(before, now) - 1, 0), Math.Max(before, now));
        return dirty.Append(new ByteRange(low, high - low)).OrderBy(range => range.Offset);
    }

    private static void Add(List<ByteRange> merged, ByteRange range, long lengthBytes)
    {
        var end = Math.Min(range.End, lengthBytes);
        if (range.Offset >= end)
        {
            return;
        }

        if (merged.Count > 0 && merged[^1].End >= range.Offset)
        {
            var start = merged[^1].Offset;
            merged[^1] = new ByteRange(start, Math.Max(merged[^1].End, end) - start);
        }
        else
        {
            merged.Add(new ByteRange(range.Offset, end - range.Offset));
        }
    }
}
