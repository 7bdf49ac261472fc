namespace Harness.Scenarios.Model;

/// <summary>The value of one axis in one cell.</summary>
/// <param name="Words">The word, or the words of a subset in the order of the axis.</param>
/// <param name="IsSubset">Whether the axis has subsets for values.</param>
public sealed record AxisValue(IReadOnlyList<string> Words, bool IsSubset)
{
    /// <summary>The value in ids and texts: the word, words joined by '+', or none.</summary>
    public override string ToString() => Words.Count == 0 ? "none" : string.Join('+', Words);

    /// <summary>The values of an axis, in the order of the document; subsets by size, then in the order of their words.</summary>
    public static IReadOnlyList<AxisValue> Expand(AxisDocument axis)
    {
        ArgumentNullException.ThrowIfNull(axis);
        if (axis.SubsetsOf is not { } words)
        {
            return [.. (axis.Values ?? []).Select(word => new AxisValue([word], false))];
        }

        var minimum = axis.Min ?? 0;
        var maximum = Math.Min(axis.Max ?? words.Count, words.Count);
        return [.. Enumerable.Range(0, 1 << words.Count)
            .Where(bits => int.PopCount(bits) >= minimum && int.PopCount(bits) <= maximum)
            .OrderBy(int.PopCount)
            .ThenBy(bits => bits)
            .Select(bits => new AxisValue([.. words.Where((_, i) => (bits & (1 << i)) != 0)], true))];
    }
}
