using Harness.Simulator.Volume;

namespace Harness.Tests.Engine.Swarm;

/// <summary>
/// The most that a run may send, worked out from the two states of the volume alone: pages of 4 KiB that differ from the same
/// page of the same stream of the same file before, whole streams where they are encrypted, and a little for each entry. Where
/// the scratch location was never touched, what only moved by an insertion or a deletion counts for next to nothing.
/// </summary>
internal static class SentBound
{
    private const int Page = 4096;
    private const int Fixed = 6 << 10;
    private const int PerEntry = 700;
    private const int PerPage = 64;

    /// <summary>Runs of less than 16 pages need not be looked for, and each border of a match may cost a page.</summary>
    private const int Unmatched = 20 * Page;

    public static long Of(VolumeView? before, VolumeView after, bool isScratchIntact)
    {
        long bytes = Fixed;
        foreach (var entry in after.Walk())
        {
            var old = before?.Find(entry.Reference);
            if (old is not null && old.Path == entry.Path && old.Times.Changed == entry.Times.Changed)
            {
                continue;
            }

            bytes += PerEntry;
            foreach (var stream in entry.Streams)
            {
                bytes += PerEntry + Stream(before, old, after, entry, stream, isScratchIntact);
            }
        }

        foreach (var gone in before?.Walk() ?? [])
        {
            bytes += after.Find(gone.Path) is null ? PerEntry : 0;
        }

        return bytes + (bytes / 50);
    }

    private static long Stream(
        VolumeView? before, VolumeEntry? old, VolumeView after, VolumeEntry entry, VolumeStream stream, bool isScratchIntact)
    {
        var previous = old?.Streams.FirstOrDefault(candidate => candidate.Name == stream.Name);
        if (old is null || previous is null || old.LinkCount > 1 || old.ReparseTag is not null || old.Streams[0].Flags != entry.Streams[0].Flags
            || previous.Flags != stream.Flags || stream.Flags.HasFlag(StreamFlags.Encrypted))
        {
            previous = null;
        }

        long bytes = 0;
        var (now, then) = (new byte[Page], new byte[Page]);
        for (long offset = 0; offset < stream.SizeBytes; offset += Page)
        {
            var length = after.Read(Name(entry, stream), offset, now);
            var was = previous is null ? 0 : before!.Read(Name(old!, previous), offset, then);
            var same = was == length && now.AsSpan(0, length).SequenceEqual(then.AsSpan(0, was));
            bytes += same ? 0 : length + PerPage;
        }

        if (previous is not null && isScratchIntact && !stream.Flags.HasFlag(StreamFlags.Sparse) && bytes > Unmatched)
        {
            bytes = Math.Min(
                bytes, Moved(All(before!, old!, previous), All(after, entry, stream)) + Unmatched + (stream.SizeBytes / Page * 2));
        }

        return stream.Flags.HasFlag(StreamFlags.Encrypted) && bytes > 0 ? stream.SizeBytes + Page + (bytes / 10) : bytes;
    }

    /// <summary>What lies between the beginning and the end that both have.</summary>
    private static long Moved(ReadOnlySpan<byte> then, ReadOnlySpan<byte> now)
    {
        var head = then.CommonPrefixLength(now);
        then = then[head..];
        now = now[head..];
        var tail = 0;
        while (tail < then.Length && tail < now.Length && then[^(tail + 1)] == now[^(tail + 1)])
        {
            tail++;
        }

        return now.Length - tail;
    }

    private static byte[] All(VolumeView volume, VolumeEntry entry, VolumeStream stream)
    {
        var content = new byte[stream.SizeBytes];
        volume.Read(Name(entry, stream), 0, content);
        return content;
    }

    private static string Name(VolumeEntry entry, VolumeStream stream) =>
        stream.Name.Length == 0 ? entry.Path : $"{entry.Path}:{stream.Name}";
}
