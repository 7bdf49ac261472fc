using Harness.Scenarios.Model;

namespace Harness.Scenarios.Running;

/// <summary>Collects what is otherwise than expected in one step after the other.</summary>
internal sealed class Judge
{
    private const int MaxPerStep = 40;

    private readonly List<Mismatch> _mismatches = [];
    private int _inStep;

    /// <summary>Everything otherwise than expected.</summary>
    public IReadOnlyList<Mismatch> Mismatches => _mismatches;

    /// <summary>The step that is judged now.</summary>
    public string Step { get; private set; } = "";

    /// <summary>Whether the step has been as expected so far.</summary>
    public bool StepIsGood => _inStep == 0;

    /// <summary>Begins a step.</summary>
    public void Begin(string step)
    {
        Step = step;
        _inStep = 0;
    }

    /// <summary>Something that must be true.</summary>
    public void Require(bool holds, string what, string expected, string actual, string? clause = null)
    {
        if (holds)
        {
            return;
        }

        _inStep++;
        if (_inStep <= MaxPerStep)
        {
            _mismatches.Add(new Mismatch(Step, what, expected, actual, clause));
        }
    }

    /// <summary>Two values that must be equal.</summary>
    public void Equal<T>(string what, T expected, T actual, string? clause = null) =>
        Require(
            EqualityComparer<T>.Default.Equals(expected, actual), what, expected?.ToString() ?? "none", actual?.ToString() ?? "none", clause);

    /// <summary>Two sets of words that must be equal.</summary>
    public void SameWords(string what, IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (wanted, found) = (Sorted(expected), Sorted(actual));
        Equal(what, wanted, found);
    }

    /// <summary>Codes of the documents that must be those; null is not looked at.</summary>
    public void Published(IReadOnlyList<string>? expected, IEnumerable<string?> actual)
    {
        if (expected is not null)
        {
            SameWords("published codes", expected, actual.OfType<string>());
        }
    }

    /// <summary>A bound that must hold; null bounds hold.</summary>
    public void Within(string what, Budget? budget, long measured, Func<string, decimal> lookup)
    {
        if (budget is not null)
        {
            var (holds, limit) = budget.Judge(measured, lookup);
            Require(holds, what, $"{budget} = {limit}", $"{measured}");
        }
    }

    private static string Sorted(IEnumerable<string> words)
    {
        var text = string.Join(", ", words.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return text.Length == 0 ? "none" : text;
    }
}
