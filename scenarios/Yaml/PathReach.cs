using Harness.Engine.Errors;
using Harness.Scenarios.Model;
using Harness.Simulator.Recipes;

namespace Harness.Scenarios.Yaml;

/// <summary>
/// Finds expected paths that no volume has, such as one with a slip of the pen, whose outcome would never be asked for. Only
/// paths written out are looked at, and only where all names of the volume stand in its recipe: trees draw theirs.
/// </summary>
internal sealed class PathReach
{
    private readonly HashSet<(int Row, int Path)> _reached = [];
    private readonly Dictionary<(int Row, int Path), string> _missed = [];
    private readonly Dictionary<string, HashSet<string>?> _names = new(StringComparer.Ordinal);

    /// <summary>Takes the paths of a row in a cell that it decides.</summary>
    public void Note(ScenarioDocument document, int row)
    {
        var paths = document.Expect[row].Paths;
        if (paths.All(path => IsPattern(path.Path)))
        {
            return;
        }

        // An edit that stands in a step may make any name.
        var isOpen = document.Steps.Any(step => (step.Edit ?? step.EditSource?.Edit) is { Name: null });
        var recipes = (document.Volume is { } only ? [only] : document.Volumes.Values.ToList()).Select(NamesOf).ToList();
        for (var i = 0; i < paths.Count; i++)
        {
            if (isOpen || IsPattern(paths[i].Path) || recipes.Any(names => names is null || names.Contains(paths[i].Path)))
            {
                _reached.Add((row, i));
            }
            else
            {
                _missed[(row, i)] = paths[i].Path;
            }
        }
    }

    /// <summary>Tells of every path that no cell has.</summary>
    public void Report(IReadOnlyList<YamlNode> rows, ProblemList problems)
    {
        foreach (var ((row, path), text) in _missed.Where(pair => !_reached.Contains(pair.Key)))
        {
            if (((rows[row] as YamlMap)?.Find("paths")?.Value as YamlList)?.Items is { } nodes && path < nodes.Count)
            {
                var known = _names.Values.OfType<HashSet<string>>().SelectMany(names => names).Distinct(StringComparer.Ordinal);
                problems.Add(
                    PathChecks.PlaceIn(nodes[path], "path"),
                    $"The expectation is never reached: no volume of the scenario has '{text}'.{DidYouMean.Hint(text, known)}");
            }
        }
    }

    private static bool IsPattern(string path) => path.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>Every name of a recipe and its edits; null when it draws some, or cannot be read.</summary>
    private HashSet<string>? NamesOf(RawYaml yaml)
    {
        var text = RecipeText.Of(yaml, seed: 1);
        if (!_names.TryGetValue(text, out var names))
        {
            _names[text] = names = Read(text);
        }

        return names;
    }

    private static HashSet<string>? Read(string text)
    {
        try
        {
            var recipe = RecipeLoader.Parse(text, "recipe");
            if (recipe.Trees.Count > 0)
            {
                return null;
            }

            var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var entry in recipe.Entries)
            {
                AddWithParents(names, entry.Path);
                names.UnionWith(entry.Streams.Select(stream => $"{entry.Path}:{stream.Name}"));
            }

            foreach (var edit in recipe.Edits.Values.SelectMany(edits => edits))
            {
                AddWithParents(names, edit.Path);
                AddWithParents(names, edit.To);
            }

            return names;
        }
        catch (BackupException)
        {
            return null; // Told of by the checks of recipes.
        }
    }

    private static void AddWithParents(HashSet<string> names, string path)
    {
        for (var at = path.Replace('\\', '/'); at.Length > 0; at = at.LastIndexOf('/') is > 0 and var cut ? at[..cut] : "")
        {
            names.Add(at);
        }
    }
}
