using Harness.Engine.Errors;

namespace Harness.Simulator.Recipes;

/// <summary>The recipes that come with the simulator: seed-page, office, huge and archive.</summary>
public static class RecipeSamples
{
    private const string Extension = ".yaml";

    /// <summary>Their names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(RecipeSamples).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(Extension, StringComparison.Ordinal))
            .Select(name => name[..^Extension.Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>The document of a sample; RecipeInvalid when there is none of that name.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(RecipeSamples).Assembly.GetManifestResourceStream(name + Extension)
            ?? throw new BackupException(
                ErrorCode.RecipeInvalid, $"There is no sample recipe '{name}'.", $"Choose one of {string.Join(", ", Names)}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A sample, read.</summary>
    public static Recipe Load(string name) => RecipeLoader.Parse(Text(name), name + Extension);
}
