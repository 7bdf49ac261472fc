using System.Text.RegularExpressions;
using Harness.Scenarios.Model;

namespace Harness.Scenarios.Yaml;

/// <summary>Reads the axes of a scenario and multiplies them out.</summary>
internal static partial class MatrixReader
{
    private const int MaxCells = 4096;
    private const int MaxSubsetWords = 10;

    /// <summary>The axes with their values in the order of the document; empty without a matrix.</summary>
    public static IReadOnlyList<KeyValuePair<string, IReadOnlyList<AxisValue>>> Read(YamlMap root, ProblemList problems)
    {
        if (root.Find("matrix") is not { } entry)
        {
            return [];
        }

        if (entry.Value is not YamlMap map)
        {
            problems.Add(entry.Value.Mark, $"'matrix' must be a mapping, not {entry.Value.KindName}.");
            return [];
        }

        var binder = new YamlBinder(problems);
        var axes = new List<KeyValuePair<string, IReadOnlyList<AxisValue>>>();
        foreach (var axis in map.Entries)
        {
            if (!Name().IsMatch(axis.Key) || axis.Key == "vault")
            {
                problems.Add(
                    axis.KeyMark,
                    $"An axis cannot be called '{axis.Key}'. Allowed: lower-case letters, digits and '-'; not 'vault', which --vault gives.");
            }

            if (binder.Bind<AxisDocument>(axis.Value) is { } document && Check(axis, document, problems))
            {
                axes.Add(new(axis.Key, AxisValue.Expand(document)));
            }
        }

        var cells = IsPairs(root)
            ? PairCells([.. axes.Select(axis => axis.Value.Count)])
            : axes.Aggregate(1L, (count, axis) => Math.Min(count * axis.Value.Count, int.MaxValue));
        if (cells > MaxCells)
        {
            problems.Add(entry.KeyMark, $"The axes make {cells} cells; at most {MaxCells} are allowed.");
            return [];
        }

        return axes;
    }

    /// <summary>The combinations that the document asks for, the last axis running fastest.</summary>
    public static IEnumerable<IReadOnlyList<KeyValuePair<string, AxisValue>>> Combine(
        YamlMap root, IReadOnlyList<KeyValuePair<string, IReadOnlyList<AxisValue>>> axes) => IsPairs(root)
        ? PairwiseCover.Of([.. axes.Select(axis => axis.Value.Count)])
            .Select(row => (IReadOnlyList<KeyValuePair<string, AxisValue>>)[.. axes.Select(
                (axis, i) => KeyValuePair.Create(axis.Key, axis.Value[row[i]]))])
        : Multiply(axes);

    /// <summary>Where the two largest axes alone make too many, the rows are not made to count them.</summary>
    private static long PairCells(IReadOnlyList<int> sizes)
    {
        var least = sizes.OrderDescending().Take(2).Aggregate(1L, (product, size) => product * size);
        return least > MaxCells ? least : PairwiseCover.Of(sizes).Count;
    }

    private static bool IsPairs(YamlMap root) => root.Find("combine")?.Value is YamlScalar { Text: "pairs" };

    private static IEnumerable<IReadOnlyList<KeyValuePair<string, AxisValue>>> Multiply(
        IReadOnlyList<KeyValuePair<string, IReadOnlyList<AxisValue>>> axes)
    {
        IEnumerable<IReadOnlyList<KeyValuePair<string, AxisValue>>> cells = [[]];
        foreach (var (name, values) in axes)
        {
            cells = [.. cells.SelectMany(cell => values.Select(value =>
                (IReadOnlyList<KeyValuePair<string, AxisValue>>)[.. cell, new(name, value)]))];
        }

        return cells;
    }

    private static bool Check(YamlEntry axis, AxisDocument document, ProblemList problems)
    {
        var mark = axis.Value.Mark;
        var words = document.Values ?? document.SubsetsOf;
        if ((document.Values is null) == (document.SubsetsOf is null))
        {
            problems.Add(mark, $"The axis '{axis.Key}' needs a list of values or 'subsets-of', and not both.");
            return false;
        }

        if (words!.Count == 0)
        {
            problems.Add(mark, $"The axis '{axis.Key}' has no values.");
            return false;
        }

        if (words.GroupBy(w => w, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            problems.Add(mark, $"The axis '{axis.Key}' has the value '{twice.Key}' twice.");
            return false;
        }

        if (words.FirstOrDefault(w => !Value().IsMatch(w)) is { } odd)
        {
            problems.Add(mark, $"The value '{odd}' cannot stand in a cell's id. Allowed: letters, digits, spaces and . _ / % : * - + (no comma, bracket, quote, '=' or '@').");
            return false;
        }

        if (document.SubsetsOf is null)
        {
            if (document.Min is not null || document.Max is not null)
            {
                problems.Add(mark, "'min' and 'max' belong to 'subsets-of'.");
            }

            return true;
        }

        if (words.Count > MaxSubsetWords)
        {
            problems.Add(mark, $"'subsets-of' has {words.Count} words; at most {MaxSubsetWords} are allowed.");
            return false;
        }

        var minimum = document.Min ?? 0;
        var maximum = document.Max ?? words.Count;
        if (minimum < 0 || maximum < minimum || maximum > words.Count)
        {
            problems.Add(mark, $"'min' {minimum} and 'max' {maximum} do not fit {words.Count} words. Allowed: 0 <= min <= max <= {words.Count}.");
            return false;
        }

        return true;
    }

    [GeneratedRegex("^[a-z][a-z0-9-]*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9 ._/%:*+-]+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Value();
}
