using Harness.Simulator.Content;

namespace Harness.Simulator.Volume;

/// <summary>
/// Sizes of the files of a generated tree, and their sums. Files take the sizes in turn, each round of them beginning
/// elsewhere, so a sum over any range is whole rounds and two parts of one.
/// </summary>
internal sealed class SizeTable
{
    private readonly long[] _sizes;
    private readonly ulong _seed;
    private readonly long[] _logicalBefore;
    private readonly long[] _allocatedBefore;

    /// <summary>Adds up one round.</summary>
    /// <param name="sizes">1 or more.</param>
    /// <param name="allocated">Clusters of a file of a size, in bytes.</param>
    /// <param name="seed">Where each round begins.</param>
    public SizeTable(IReadOnlyList<long> sizes, Func<long, long> allocated, ulong seed)
    {
        _sizes = [.. sizes];
        _seed = seed;
        _logicalBefore = new long[_sizes.Length + 1];
        _allocatedBefore = new long[_sizes.Length + 1];
        for (var i = 0; i < _sizes.Length; i++)
        {
            _logicalBefore[i + 1] = checked(_logicalBefore[i] + _sizes[i]);
            _allocatedBefore[i + 1] = checked(_allocatedBefore[i] + allocated(_sizes[i]));
        }
    }

    public long Of(long file)
    {
        var (round, step) = Math.DivRem(file, _sizes.Length);
        return _sizes[(Start(round) + step) % _sizes.Length];
    }

    /// <summary>Logical bytes of a range of files.</summary>
    public long Logical(long from, long to) => Before(_logicalBefore, to) - Before(_logicalBefore, from);

    /// <summary>Clusters of a range of files, in bytes.</summary>
    public long Allocated(long from, long to) => Before(_allocatedBefore, to) - Before(_allocatedBefore, from);

    private long Before(long[] before, long file)
    {
        var (round, step) = Math.DivRem(file, _sizes.Length);
        var start = Start(round);
        var end = start + step;
        var part = end <= _sizes.Length
            ? before[end] - before[start]
            : before[^1] - before[start] + before[end - _sizes.Length];
        return checked((round * before[^1]) + part);
    }

    private long Start(long round) => (long)(Mix.Of(_seed, (ulong)round) % (ulong)_sizes.Length);
}
