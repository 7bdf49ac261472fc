using System.Text.Json;
using Harness.Engine.Errors;
using Harness.Engine.Model;

namespace Harness.Scenarios.CommandLine.Arguments;

/// <summary>The written form of traits: kebab-case names joined by commas, such as <c>encrypted,sparse</c>.</summary>
internal static class TraitList
{
    private static readonly (string Name, EntryTraits Trait)[] Known =
        [.. Enum.GetValues<EntryTraits>().Where(t => t != EntryTraits.None)
            .Select(t => (JsonNamingPolicy.KebabCaseLower.ConvertName(t.ToString()), t))];

    /// <summary>Reads a list; "none" or nothing is an ordinary file. ArgumentInvalid with the known names.</summary>
    public static EntryTraits Parse(string text)
    {
        var traits = EntryTraits.None;
        foreach (var word in text.Split([',', ' ', '+'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (string.Equals(word, "none", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var found = Array.FindIndex(Known, k => string.Equals(k.Name, word, StringComparison.OrdinalIgnoreCase));
            traits |= found >= 0
                ? Known[found].Trait
                : throw new BackupException(
                    ErrorCode.ArgumentInvalid,
                    $"There is no trait '{word}'.",
                    $"Known traits: {string.Join(", ", Known.Select(k => k.Name))}, none.");
        }

        return traits;
    }

    /// <summary>The names of the traits that are set; empty for an ordinary file.</summary>
    public static IReadOnlyList<string> Names(EntryTraits traits) =>
        [.. Known.Where(k => traits.HasFlag(k.Trait)).Select(k => k.Name)];
}
