using Harness.Engine.Local.Sources;
using Harness.Engine.Ports;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>Opens what a backup protects.</summary>
internal static class SourceFactory
{
    private const string RecipePrefix = "recipe:";

    /// <summary>Whether a text names a simulated volume.</summary>
    public static bool IsRecipe(string text) => text.StartsWith(RecipePrefix, StringComparison.Ordinal);

    /// <summary>A directory of this machine, or the simulated volume of a recipe or capture, with or without <c>recipe:</c> before its file.</summary>
    public static IDataSource OpenTree(string text)
    {
        if (IsRecipe(text) || File.Exists(text))
        {
            return RecipeVolume.Build(IsRecipe(text) ? text[RecipePrefix.Length..] : text).Source;
        }

        LinuxOnly.Require("Looks at a directory");
        return new LinuxDirectorySource(text, TimeProvider.System);
    }

    /// <summary>A directory of this machine, or the simulated volume of <c>recipe:FILE[@EDIT,...]</c>.</summary>
    public static IDataSource Open(string text, VaultName vault, string? scratch)
    {
        if (text.StartsWith(RecipePrefix, StringComparison.Ordinal))
        {
            return RecipeVolume.Build(text[RecipePrefix.Length..]).Source;
        }

        LinuxOnly.Require("Directories as sources");
        if (vault.Directory is { } directory)
        {
            PathGuards.RequireApart("source", text, "vault", directory);
        }

        if (scratch is not null)
        {
            PathGuards.RequireApart("source", text, "scratch location", scratch);
        }

        return new LinuxDirectorySource(text, TimeProvider.System);
    }
}
