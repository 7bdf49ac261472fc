namespace Harness.Simulator.Volume;

/// <summary>A set of offsets as ranges: ascending, apart from each other. One thread.</summary>
internal sealed class RangeSet
{
    private readonly List<(long From, long To)> _ranges = [];

    public IReadOnlyList<(long From, long To)> Ranges => _ranges;

    /// <summary>Adds a range and returns how much of it was not there yet.</summary>
    public long Add(long from, long to)
    {
        var first = FirstThatEndsAt(from);
        var last = first;
        long known = 0;
        var (start, end) = (from, to);
        while (last < _ranges.Count && _ranges[last].From <= to)
        {
            var range = _ranges[last++];
            known += Math.Max(0, Math.Min(range.To, to) - Math.Max(range.From, from));
            start = Math.Min(start, range.From);
            end = Math.Max(end, range.To);
        }

        _ranges.RemoveRange(first, last - first);
        _ranges.Insert(first, (start, end));
        return to - from - known;
    }

    /// <summary>The first range that ends at or after an offset.</summary>
    private int FirstThatEndsAt(long offset)
    {
        var low = 0;
        var high = _ranges.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_ranges[middle].To < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
