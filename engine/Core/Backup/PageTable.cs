using Harness.Engine.Format;

namespace Harness.Engine.Backup;

/// <summary>
/// Where the scratch location keeps the page fingerprints of one stream: range -> offset in the pages file. Immutable.
/// </summary>
internal sealed class PageTable
{
    private readonly long[] _ranges;
    private readonly long[] _offsets;

    private PageTable(long[] ranges, long[] offsets)
    {
        _ranges = ranges;
        _offsets = offsets;
    }

    public static PageTable Empty { get; } = new([], []);

    public int Count => _ranges.Length;

    /// <summary>Offset of a range's fingerprints, or null.</summary>
    public long? this[long range]
    {
        get
        {
            var index = Array.BinarySearch(_ranges, range);
            return index < 0 ? null : _offsets[index];
        }
    }

    public IEnumerable<(long Range, long Offset)> Blocks()
    {
        for (var i = 0; i < _ranges.Length; i++)
        {
            yield return (_ranges[i], _offsets[i]);
        }
    }

    public void Encode(WireWriter output)
    {
        output.VarInt((ulong)_ranges.Length);
        long range = 0, offset = 0;
        for (var i = 0; i < _ranges.Length; i++)
        {
            output.VarInt(_ranges[i] - range);
            output.ZigZag(_offsets[i] - offset);
            (range, offset) = (_ranges[i], _offsets[i]);
        }
    }

    public static PageTable Decode(ref WireReader reader)
    {
        var ranges = new long[reader.Count(reader.Remaining / 2)];
        var offsets = new long[ranges.Length];
        long range = 0, offset = 0;
        for (var i = 0; i < ranges.Length; i++)
        {
            ranges[i] = range += reader.Count(long.MaxValue);
            offsets[i] = offset += reader.ZigZag();
        }

        return new PageTable(ranges, offsets);
    }

    /// <summary>Collects blocks in ascending order of range.</summary>
    public sealed class Builder
    {
        private readonly List<long> _ranges = [];
        private readonly List<long> _offsets = [];

        public void Add(long range, long offset)
        {
            _ranges.Add(range);
            _offsets.Add(offset);
        }

        public PageTable Build() => _ranges.Count == 0 ? Empty : new PageTable([.. _ranges], [.. _offsets]);
    }
}
