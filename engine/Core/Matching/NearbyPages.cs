using Harness.Engine.Format;
using Harness.Engine.State;

namespace Harness.Engine.Matching;

/// <summary>
/// An index over the pages of the previous version around a place: the neighbourhood first, wider when the search there was in
/// vain, at most 1 GiB to either side (17 MiB of memory). Logical thread only.
/// </summary>
internal sealed class NearbyPages(PreviousVersion old)
{
    /// <summary>Ranges to either side.</summary>
    private static readonly int[] Reaches = [4, 64, 1024];

    private long _from;
    private long _to;

    public PageIndex Index { get; } = new();

    /// <summary>Widest reach.</summary>
    public static int LastStage => Reaches.Length - 1;

    /// <summary>Whether the index holds the whole previous version.</summary>
    public bool IsWhole => _from == 0 && _to == old.Ranges;

    /// <summary>Sees to it that the index holds the pages around a byte of the previous version.</summary>
    public async ValueTask MoveAsync(long offset, int stage, CancellationToken cancellationToken)
    {
        var reach = Reaches[stage];
        var middle = Math.Clamp(offset / FormatLimits.RangeBytes, 0, Math.Max(0, old.Ranges - 1));
        if (_to > 0 && _from <= Math.Max(0, middle - (reach / 2)) && _to >= Math.Min(old.Ranges, middle + (reach / 2) + 1))
        {
            return;
        }

        (_from, _to) = (Math.Max(0, middle - reach), Math.Min(old.Ranges, middle + reach + 1));
        Index.Clear((int)(_to - _from) * FormatLimits.PagesPerRange);
        for (var range = _from; range < _to; range++)
        {
            if (await old.PagesAsync(range, cancellationToken) is { Sums: not null } pages)
            {
                Add(range, pages);
            }
        }
    }

    private void Add(long range, RangePages pages)
    {
        var first = range * FormatLimits.PagesPerRange;
        var count = Math.Min(pages.Sums!.Length, old.WholePages - first);
        for (var page = 0; page < count; page++)
        {
            var fingerprint = pages.Fingerprints.AsSpan(page * FormatLimits.FingerprintBytes, FormatLimits.FingerprintBytes);
            if (fingerprint.ContainsAnyExcept((byte)0))
            {
                Index.Add(first + page, pages.Sums[page], fingerprint);
            }
        }
    }
}
