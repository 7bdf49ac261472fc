using System.Globalization;

namespace Harness.Scenarios.Searches.Processes;

/// <summary>What a soak did, counted by what it was.</summary>
internal sealed class SoakTally
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _findings = [];

    /// <summary>What did not hold.</summary>
    public IReadOnlyList<string> Findings => _findings;

    /// <summary>What happened, and how often.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>Counts something.</summary>
    public void Add(string what, long times = 1) => _counts[what] = _counts.GetValueOrDefault(what) + times;

    /// <summary>Notes that something did not hold.</summary>
    public void Find(string what) => _findings.Add(what);

    /// <summary>A line for each.</summary>
    public IEnumerable<string> Lines() => _counts.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Value,12:N0}  {item.Key}"));
}
