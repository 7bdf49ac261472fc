using System.Globalization;
using System.Text.RegularExpressions;
using Harness.Engine.Errors;
using Harness.Scenarios.Model;
using Harness.Simulator.Recipes;

namespace Harness.Scenarios.Yaml;

/// <summary>Lets the simulator read the recipes and edits of a scenario, so that lint finds what is wrong with them.</summary>
internal static partial class RecipeChecks
{
    /// <summary>Checks every recipe of a cell, and every edit that its steps name or hold.</summary>
    public static void Check(ScenarioDocument document, ProblemList problems)
    {
        var recipes = document.Volume is { } only ? [new("", only)] : document.Volumes.ToList();
        foreach (var (name, recipe) in recipes)
        {
            var loaded = Load(RecipeText.Of(recipe, seed: 1), recipe.Node, problems);
            if (loaded is null)
            {
                continue;
            }

            var edits = document.Steps
                .Select(step => step.Edit ?? (step.EditSource is { } other && other.Source == name ? other.Edit : null))
                .OfType<RawYaml>();
            foreach (var edit in edits)
            {
                CheckEdit(edit, recipe, loaded, problems);
            }
        }
    }

    private static void CheckEdit(RawYaml edit, RawYaml recipe, Recipe loaded, ProblemList problems)
    {
        if (edit.Name is not { } name)
        {
            Load(RecipeText.Of(recipe, seed: 1, edit), edit.Node, problems);
        }
        else if (!loaded.Edits.ContainsKey(name))
        {
            problems.Add(
                edit.Node.Mark,
                $"The recipe has no edits '{name}'.{DidYouMean.Hint(name, loaded.Edits.Keys)} "
                + (loaded.Edits.Count == 0 ? "It has none." : DidYouMean.Allowed(loaded.Edits.Keys)));
        }
    }

    private static Recipe? Load(string text, YamlNode node, ProblemList problems)
    {
        try
        {
            return RecipeLoader.Parse(text, problems.File);
        }
        catch (BackupException error) when (error.Code == ErrorCode.RecipeInvalid)
        {
            var message = error.Message;
            var mark = node.Mark;
            if (message.StartsWith(problems.File + ":", StringComparison.Ordinal)
                && Place().Match(message[(problems.File.Length + 1)..]) is { Success: true } place)
            {
                mark = new YamlMark(Number(place.Groups["line"].Value), Number(place.Groups["column"].Value));
                message = message[(problems.File.Length + 1 + place.Length)..].TrimStart();
            }

            problems.Add(mark, $"Recipe: {message}");
            return null;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<line>[0-9]{1,9}):(?<column>[0-9]{1,9}):", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();
}
