using Harness.Simulator.Volume;

namespace Harness.Scenarios.Running;

/// <summary>
/// Finds how many bytes truly changed between two states of a simulated volume, in pages of 4 KiB: the measure that budgets
/// are held against. Shares no code with the engine. Ranges whose bytes come from the same generator are not read.
/// </summary>
internal static class ChangeMeter
{
    private const int PageBytes = 4096;

    /// <summary>
    /// Bytes of pages of one stream that differ from an earlier state, each page counted to its own length; without an earlier
    /// state all bytes that are not holes. Pages that became holes hold no data and do not count.
    /// </summary>
    public static long ChangedBytes(VolumeView? before, string? beforePath, VolumeView after, string afterPath, long size)
    {
        if (before is null || beforePath is null)
        {
            return after.GetExtents(afterPath).Where(e => e.Kind != ExtentKind.Hole).Sum(e => e.Length);
        }

        var old = new PageReader(before, beforePath);
        var now = new PageReader(after, afterPath);
        var oldExtents = before.GetExtents(beforePath);
        var changed = 0L;
        var nextPage = 0L;
        var at = 0;
        foreach (var extent in after.GetExtents(afterPath).Where(e => e.Kind != ExtentKind.Hole))
        {
            for (var from = extent.Offset; from < extent.Offset + extent.Length;)
            {
                while (at < oldExtents.Count && End(oldExtents[at]) <= from)
                {
                    at++;
                }

                var end = extent.Offset + extent.Length;
                var inOld = at < oldExtents.Count && oldExtents[at].Offset <= from;
                var to = inOld ? Math.Min(end, End(oldExtents[at]))
                    : at < oldExtents.Count ? Math.Min(end, oldExtents[at].Offset) : end;
                if (!inOld || !IsSameOrigin(oldExtents[at], extent, from))
                {
                    for (var page = Math.Max(nextPage, from / PageBytes); page * PageBytes < to; page++)
                    {
                        changed += now.Differs(old, page) ? Math.Min(PageBytes, size - (page * PageBytes)) : 0;
                        nextPage = page + 1;
                    }
                }

                from = to;
            }
        }

        return changed;
    }

    private static long End(in StreamExtent extent) => extent.Offset + extent.Length;

    private static bool IsSameOrigin(in StreamExtent a, in StreamExtent b, long at) =>
        (a.Kind is ExtentKind.Zero or ExtentKind.Hole && b.Kind == ExtentKind.Zero)
        || (a.Kind == ExtentKind.Generated && b.Kind == ExtentKind.Generated && a.Profile == b.Profile && a.Seed == b.Seed
            && a.Base + (at - a.Offset) == b.Base + (at - b.Offset));

    private sealed class PageReader(VolumeView view, string path)
    {
        private readonly byte[] _page = new byte[PageBytes];

        public bool Differs(PageReader other, long page) => !Read(page).SequenceEqual(other.Read(page));

        private ReadOnlySpan<byte> Read(long page) => _page.AsSpan(0, view.Read(path, page * PageBytes, _page));
    }
}
