using System.Text.RegularExpressions;
using Harness.Scenarios.Model;

namespace Harness.Scenarios.Yaml;

/// <summary>
/// Puts axis values in the place of <c>${axis}</c>. A value that is nothing but <c>${axis}</c> becomes a list on an axis of
/// subsets; within other text the value stands as in ids. There is no other template language.
/// </summary>
public static partial class AxisSubstitution
{
    /// <summary>Replaces every reference; an unknown axis is a problem.</summary>
    public static YamlNode Apply(
        YamlNode node, IReadOnlyDictionary<string, AxisValue> values, ISet<string> used, ProblemList problems)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(used);
        ArgumentNullException.ThrowIfNull(problems);
        return node switch
        {
            YamlMap map => map with
            {
                Entries = [.. map.Entries.Select(e => e with { Value = Apply(e.Value, values, used, problems) })],
            },
            YamlList list => list with { Items = [.. list.Items.Select(i => Apply(i, values, used, problems))] },
            YamlScalar scalar => ApplyToScalar(scalar, values, used, problems),
            _ => node,
        };
    }

    private static YamlNode ApplyToScalar(
        YamlScalar scalar, IReadOnlyDictionary<string, AxisValue> values, ISet<string> used, ProblemList problems)
    {
        if (!scalar.Text.Contains("${", StringComparison.Ordinal))
        {
            return scalar;
        }

        if (Reference().Match(scalar.Text) is { Success: true } whole && whole.Length == scalar.Text.Length
            && values.TryGetValue(whole.Groups["axis"].Value, out var subset) && subset.IsSubset)
        {
            used.Add(whole.Groups["axis"].Value);
            return new YamlList(scalar.Mark, [.. subset.Words.Select(word => new YamlScalar(scalar.Mark, word, IsQuoted: false))]);
        }

        var text = Reference().Replace(scalar.Text, match =>
        {
            var axis = match.Groups["axis"].Value;
            if (values.TryGetValue(axis, out var value))
            {
                used.Add(axis);
                return value.ToString();
            }

            problems.Add(
                scalar.Mark,
                $"'${{{axis}}}' names no axis of 'matrix'.{DidYouMean.Hint(axis, values.Keys)} "
                + (values.Count == 0 ? "There are no axes." : DidYouMean.Allowed(values.Keys)));
            return match.Value;
        });

        // Quotes around ${axis} are YAML's need, not the author's wish: the value's own form decides.
        return new YamlScalar(scalar.Mark, text, IsQuoted: false);
    }

    [GeneratedRegex(@"\$\{(?<axis>[^}]*)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
