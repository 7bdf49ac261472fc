using System.Globalization;
using Harness.Engine.Errors;

namespace Harness.Scenarios.Running;

/// <summary>
/// One of n parts of a run. Parts take the sorted cells in turn, so that all parts together are the whole run and no cell
/// runs twice.
/// </summary>
/// <param name="Index">From 1.</param>
/// <param name="Count">Number of parts.</param>
public sealed record ShardSpec(int Index, int Count)
{
    private const int MaxCount = 100_000;
    private const string Auto = "auto";

    /// <summary>
    /// Parses <c>2/8</c>; <c>auto/8</c>, which takes the index from the <see cref="BatchSystem"/>; or <c>auto</c>, which takes
    /// the count from it too. ArgumentInvalid otherwise, and where the system has another count than the text.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="environment">Environment variables by name; null when unset.</param>
    public static ShardSpec Parse(string text, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(environment);
        var parts = text.Split('/');
        if (parts[0] == Auto && parts.Length <= 2)
        {
            return FromSystem(text, parts.Length == 2 ? Count0(parts[1]) ?? throw NoForm(text) : null, environment);
        }

        if (parts.Length != 2 || Count0(parts[1]) is not { } count)
        {
            throw NoForm(text);
        }

        return Number(parts[0]) is >= 1 and var index && index <= count
            ? new ShardSpec(index, count)
            : throw Wrong(text, $"the index must be from 1 to {count}");
    }

    /// <summary>
    /// The part that --shard and --shard-index-from-env name together; null when neither is given. With the second the first
    /// is only a count (<c>8</c> or <c>auto/8</c>), or is left out where the batch system tells the count.
    /// </summary>
    public static ShardSpec? Resolve(string? text, bool isIndexFromEnvironment, Func<string, string?> environment)
    {
        if (!isIndexFromEnvironment)
        {
            return text is null ? null : Parse(text, environment);
        }

        if (text is not null && text != Auto && !text.StartsWith(Auto + "/", StringComparison.Ordinal) && Count0(text) is null)
        {
            throw Wrong(text, "with --shard-index-from-env it names an index of its own");
        }

        return Parse(text is null ? Auto : Count0(text) is null ? text : $"{Auto}/{text}", environment);
    }

    /// <summary>The cells of this part; the input is sorted by id.</summary>
    public IReadOnlyList<T> Take<T>(IReadOnlyList<T> sorted) =>
        [.. sorted.Where((_, position) => position % Count == Index - 1)];

    /// <inheritdoc/>
    public override string ToString() => $"{Index}/{Count}";

    private static ShardSpec FromSystem(string text, int? wanted, Func<string, string?> environment)
    {
        var system = BatchSystem.Find(environment)
            ?? throw Wrong(text, $"none of {string.Join(", ", BatchSystem.All.Select(s => s.IndexVariable))} is set");
        var index = system.IndexFrom1(environment)
            ?? throw Wrong(text, $"{system.IndexVariable} is '{environment(system.IndexVariable)}', which is no index");
        var told = system.Count(environment);
        if (wanted is { } given && told is { } other && given != other)
        {
            // A single task of an array that is sent again counts from itself: its index would be that of another part.
            throw Wrong(text, $"{system.Name} says that there are {other} parts ({system.CountVariable}), not {given}; name the part, such as {index}/{given}, when only some are run again");
        }

        var count = wanted ?? told ?? throw Wrong(text, $"{system.Name} does not tell how many parts there are; write {Auto}/n");
        return index >= 1 && index <= count && count <= MaxCount
            ? new ShardSpec(index, count)
            : throw Wrong(text, $"{system.IndexVariable} makes it part {index} of {count}");
    }

    private static int? Count0(string text) => Number(text) is >= 1 and <= MaxCount and var count ? count : null;

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static BackupException NoForm(string text) => Wrong(text, "it is not of the form i/n");

    private static BackupException Wrong(string text, string what) => new(
        ErrorCode.ArgumentInvalid,
        $"The shard '{text}' cannot be used: {what}.",
        "Write --shard 2/8 for the second of eight parts, or --shard auto/8 inside a batch system that gives each job an index.");
}
