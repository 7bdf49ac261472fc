using Harness.Simulator.Volume;

namespace Harness.Tests.Engine.Swarm;

/// <summary>
/// The most that a run may send, worked out from the two states of the volume alone: pages of 4 KiB that differ from the same
/// page of the same stream of the same file before, whole streams where they are encrypted, and a little for each entry.
/// </summary>
internal static class SentBound
{
    private const int Page = 4096;
    private const int Fixed = 6 << 10;
    private const int PerEntry = 700;
    private const int PerPage = 64;

    public static long Of(VolumeView? before, VolumeView after)
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
                bytes += PerEntry + Stream(before, old, after, entry, stream);
            }
        }

        foreach (var gone in before?.Walk() ?? [])
        {
            bytes += after.Find(gone.Path) is null ? PerEntry : 0;
        }

        return bytes + (bytes / 50);
    }

    private static long Stream(VolumeView? before, VolumeEntry? old, VolumeView after, VolumeEntry entry, VolumeStream stream)
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

        return stream.Flags.HasFlag(StreamFlags.Encrypted) && bytes > 0 ? stream.SizeBytes + Page + (bytes / 10) : bytes;
    }

    private static string Name(VolumeEntry entry, VolumeStream stream) =>
        stream.Name.Length == 0 ? entry.Path : $"{entry.Path}:{stream.Name}";
}
