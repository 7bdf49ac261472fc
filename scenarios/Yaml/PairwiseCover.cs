namespace Harness.Scenarios.Yaml;

/// <summary>
/// Few combinations in which every two values of two axes meet, one row at a time: each begins with the first pair that has
/// not met yet, and every other axis takes the value that makes most new pairs, then the one used least (the method of AETG,
/// Cohen and others, 1997, without its draws). Deterministic: the same sizes give the same rows.
/// </summary>
internal static class PairwiseCover
{
    private const int Free = -1;

    /// <summary>Rows of value indices, one index an axis, in ascending order.</summary>
    /// <param name="sizes">Number of values of each axis.</param>
    public static IReadOnlyList<IReadOnlyList<int>> Of(IReadOnlyList<int> sizes)
    {
        if (sizes.Count < 2)
        {
            return [.. Enumerable.Range(0, sizes.Count == 0 ? 1 : sizes[0]).Select(value => sizes.Count == 0 ? Array.Empty<int>() : [value])];
        }

        var open = OpenPairs(sizes);
        var uses = sizes.Select(size => new int[size]).ToArray();
        var rows = new List<int[]>();
        while (open.Count > 0)
        {
            var row = NextRow(sizes, open, uses);
            rows.Add(row);
            for (var axis = 0; axis < row.Length; axis++)
            {
                uses[axis][row[axis]]++;
                open.ExceptWith(PairsOf(row, axis, row[axis]));
            }
        }

        return [.. rows.Order(Comparer<int[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other)))];
    }

    private static int[] NextRow(IReadOnlyList<int> sizes, SortedSet<Pair> open, int[][] uses)
    {
        var first = open.Min;
        var row = Enumerable.Repeat(Free, sizes.Count).ToArray();
        (row[first.Axis], row[first.Other]) = (first.Value, first.OtherValue);
        for (var axis = 0; axis < row.Length; axis++)
        {
            if (row[axis] == Free)
            {
                row[axis] = Enumerable.Range(0, sizes[axis])
                    .MaxBy(value => (PairsOf(row, axis, value).Count(open.Contains), -uses[axis][value], -value));
            }
        }

        return row;
    }

    private static SortedSet<Pair> OpenPairs(IReadOnlyList<int> sizes)
    {
        var open = new SortedSet<Pair>();
        for (var axis = 0; axis < sizes.Count; axis++)
        {
            for (var other = axis + 1; other < sizes.Count; other++)
            {
                for (var pair = 0; pair < sizes[axis] * sizes[other]; pair++)
                {
                    open.Add(new Pair(axis, other, pair / sizes[other], pair % sizes[other]));
                }
            }
        }

        return open;
    }

    /// <summary>The pairs that a value of an axis makes with what stands in a row.</summary>
    private static IEnumerable<Pair> PairsOf(int[] row, int axis, int value) => Enumerable.Range(0, row.Length)
        .Where(other => other != axis && row[other] != Free)
        .Select(other => other < axis ? new Pair(other, axis, row[other], value) : new Pair(axis, other, value, row[other]));

    /// <summary>Two values of two axes, the lower axis first; ordered by axes, then values.</summary>
    private readonly record struct Pair(int Axis, int Other, int Value, int OtherValue) : IComparable<Pair>
    {
        public int CompareTo(Pair other) =>
            (Axis, Other, Value, OtherValue).CompareTo((other.Axis, other.Other, other.Value, other.OtherValue));
    }
}
