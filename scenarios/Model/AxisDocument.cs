namespace Harness.Scenarios.Model;

/// <summary>One axis: a list of values, or all subsets of a list.</summary>
[ListForm(nameof(Values))]
public sealed record AxisDocument
{
    /// <summary>The values, each a single word or number.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>Every subset of these words is one value, written to the document as a list.</summary>
    public IReadOnlyList<string>? SubsetsOf { get; init; }

    /// <summary>Smallest subset; 0 when not given.</summary>
    public int? Min { get; init; }

    /// <summary>Largest subset; all words when not given.</summary>
    public int? Max { get; init; }
}
