using System.Globalization;

namespace Harness.Scenarios.Searches;

/// <summary>A recovery point by its data source and its number there.</summary>
internal readonly record struct SearchPoint(string Source, long Number) : IComparable<SearchPoint>
{
    public int CompareTo(SearchPoint other) =>
        string.CompareOrdinal(Source, other.Source) is var order and not 0 ? order : Number.CompareTo(other.Number);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Source}#{Number}");
}
