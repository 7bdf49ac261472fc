using System.Text.Json.Serialization;

namespace Harness.Scenarios.Model;

/// <summary>
/// A condition on one axis. A plain value or list means: on an axis of values, one of these; on an axis of subsets, all of
/// these are in the subset.
/// </summary>
[ListForm(nameof(Is))]
public sealed record Condition
{
    /// <summary>One of these values; on subsets, all of these.</summary>
    public IReadOnlyList<string>? Is { get; init; }

    /// <summary>On subsets: at least one of these.</summary>
    public IReadOnlyList<string>? Any { get; init; }

    /// <summary>None of these.</summary>
    public IReadOnlyList<string>? None { get; init; }

    /// <summary>On subsets: these and nothing else.</summary>
    public IReadOnlyList<string>? Only { get; init; }

    /// <summary>Every word that the condition names.</summary>
    [JsonIgnore]
    public IEnumerable<string> Words => [.. Is ?? [], .. Any ?? [], .. None ?? [], .. Only ?? []];

    /// <summary>Whether the condition holds for a value.</summary>
    public bool Holds(AxisValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var words = value.Words;
        return (Is is null || (value.IsSubset ? Is.All(words.Contains) : Is.Any(words.Contains)))
            && (Any?.Any(words.Contains) ?? true)
            && !(None?.Any(words.Contains) ?? false)
            && (Only is null || (Only.Count == words.Count && Only.All(words.Contains)));
    }
}
