using Harness.Scenarios.Model;

namespace Harness.Scenarios.Yaml;

/// <summary>
/// Makes the text of a simulator recipe from the part of a scenario that holds it. Adds what only a matrix needs: an entry's
/// <c>traits</c>, a list of encrypted, compressed, sparse, hard-link and reparse-point, of which any subset may be given.
/// </summary>
public static class RecipeText
{
    /// <summary>Name under which an edit that stands in a step is added to the recipe.</summary>
    public const string InlineEdit = "inline-edit";

    private const string Traits = "traits";
    private const string HardLink = "hard-link";
    private const string ReparsePoint = "reparse-point";

    /// <summary>The recipe; <paramref name="seed"/> is taken when the recipe gives none.</summary>
    public static string Of(RawYaml recipe, ulong seed, RawYaml? inlineEdit = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        if (recipe.Node is not YamlMap map)
        {
            return recipe.ToText();
        }

        var entries = map.Entries.Select(entry => entry.Key == "entries" ? WithTraits(entry) : entry).ToList();
        if (map.Find("seed") is null)
        {
            var value = new YamlScalar(map.Mark, (seed & long.MaxValue).ToString(), IsQuoted: false);
            entries.Insert(0, new YamlEntry("seed", map.Mark, value));
        }

        if (inlineEdit is not null)
        {
            // Only what the edit's own checks need: the volume and the edit.
            entries = [.. entries.Where(entry => entry.Key is "seed" or "volume")];
            var list = inlineEdit.Node is YamlList ? inlineEdit.Node : new YamlList(inlineEdit.Node.Mark, [inlineEdit.Node]);
            var edits = new YamlMap(list.Mark, [new YamlEntry(InlineEdit, list.Mark, list)], list.Mark);
            entries.Add(new YamlEntry("edits", list.Mark, edits));
        }

        return new RawYaml(map with { Entries = entries }).ToText();
    }

    private static YamlEntry WithTraits(YamlEntry entries) => entries.Value is not YamlList list
        ? entries
        : entries with { Value = list with { Items = [.. list.Items.SelectMany(WithTraits)] } };

    private static IEnumerable<YamlNode> WithTraits(YamlNode entry)
    {
        if (entry is not YamlMap map || map.Find(Traits) is not { Value: YamlList traits })
        {
            return [entry];
        }

        var words = traits.Items.OfType<YamlScalar>().ToList();
        var storage = words.Where(word => word.Text is not HardLink and not ReparsePoint);
        var changed = map.Entries
            .Where(e => e.Key != Traits)
            .Append(new YamlEntry("attributes", traits.Mark, new YamlList(traits.Mark, [.. storage])));
        if (words.Any(word => word.Text == ReparsePoint))
        {
            changed = changed
                .Append(Scalar("type", ReparsePoint, traits.Mark))
                .Append(map.Find("tag") ?? Scalar("tag", "WOF", traits.Mark));
        }

        var subject = map with { Entries = [.. changed.DistinctBy(e => e.Key)] };
        if (!words.Any(word => word.Text == HardLink) || map.Find("path")?.Value is not YamlScalar path)
        {
            return [subject];
        }

        var second = new YamlMap(
            map.Mark,
            [
                Scalar("path", path.Text + ".link", path.Mark),
                Scalar("type", HardLink, path.Mark),
                Scalar("target", path.Text, path.Mark),
            ],
            map.End);
        return [subject, second];
    }

    private static YamlEntry Scalar(string key, string text, YamlMark mark) =>
        new(key, mark, new YamlScalar(mark, text, IsQuoted: false));
}
