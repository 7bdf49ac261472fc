using Harness.Engine.Errors;

namespace Harness.Engine.Retention;

/// <summary>The markers of the recovery points of one source by their names (FORMAT.md section 12). One logical thread.</summary>
internal sealed class SourceMarkers
{
    private const int Most = 999_999;

    private readonly SortedDictionary<long, SortedSet<int>> _numbers = [];

    /// <summary>None; not to be added to.</summary>
    public static SourceMarkers None { get; } = new();

    /// <summary>Recovery points that have a marker, forgotten or not, ascending.</summary>
    public IEnumerable<long> Points => _numbers.Keys;

    /// <summary>Recovery points that are forgotten, ascending.</summary>
    public IEnumerable<long> Forgotten => _numbers.Keys.Where(IsForgotten);

    /// <summary>Takes a marker.</summary>
    public void Add(long sequence, int number)
    {
        if (!_numbers.TryGetValue(sequence, out var numbers))
        {
            _numbers[sequence] = numbers = [];
        }

        numbers.Add(number);
    }

    /// <summary>Whether the marker that counts, the one with the highest number, forgets the point.</summary>
    public bool IsForgotten(long sequence) => Newest(sequence) % 2 == 1;

    /// <summary>Whether the marker that counts undeletes the point.</summary>
    public bool IsUndeleted(long sequence) => Newest(sequence) is > 0 and var newest && newest % 2 == 0;

    /// <summary>The highest number of a point's markers; 0 without one.</summary>
    public int Newest(long sequence) => _numbers.TryGetValue(sequence, out var numbers) ? numbers.Max : 0;

    /// <summary>The numbers of a point's markers, ascending.</summary>
    public IEnumerable<int> Of(long sequence) => _numbers.TryGetValue(sequence, out var numbers) ? numbers : [];

    /// <summary>The number after another, odd to forget and even to undelete.</summary>
    public static int Next(int number, bool forgets)
    {
        var next = number + ((number % 2 == 1) == forgets ? 2 : 1);
        Invariant.Require(next <= Most);
        return next;
    }
}
