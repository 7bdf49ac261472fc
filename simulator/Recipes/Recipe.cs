using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>
/// A whole simulated volume in one document: the same recipe gives the same volume on every machine. Made by
/// <see cref="RecipeLoader"/>, built by <see cref="RecipeBuilder"/>. Immutable.
/// </summary>
public sealed record Recipe
{
    /// <summary>File the recipe came from, or another name for messages.</summary>
    public required string Source { get; init; }

    /// <summary>Seed of everything that has none of its own.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The volume.</summary>
    public VolumeSettings Volume { get; init; } = new();

    /// <summary>Generated trees.</summary>
    public IReadOnlyList<RecipeTree> Trees { get; init; } = [];

    /// <summary>Single files, directories, links and reparse points, made after the trees in this order.</summary>
    public IReadOnlyList<RecipeEntry> Entries { get; init; } = [];

    /// <summary>Named sets of edits, each applied in its order.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<RecipeEdit>> Edits { get; init; } =
        new SortedDictionary<string, IReadOnlyList<RecipeEdit>>(StringComparer.Ordinal);

    /// <summary>Applies a named set of edits to a volume that this recipe built.</summary>
    /// <param name="volume">The live volume.</param>
    /// <param name="name">Name of the set; RecipeInvalid when the recipe has none of it.</param>
    /// <param name="round">Applying a set again with another number makes other choices and other content.</param>
    public void ApplyEdits(SimVolume volume, string name, int round = 0)
    {
        ArgumentNullException.ThrowIfNull(volume);
        if (!Edits.TryGetValue(name, out var edits))
        {
            var known = Edits.Count == 0 ? "it has none" : $"it has {string.Join(", ", Edits.Keys)}";
            throw new Harness.Engine.Errors.BackupException(
                Harness.Engine.Errors.ErrorCode.RecipeInvalid,
                $"{Source} has no edits named '{name}'; {known}.",
                "Name one of them, or add it under 'edits'.");
        }

        new RecipeEditor(this, volume, Content.Mix.Of(Content.Mix.Of(Seed, "edits/" + name), (ulong)round)).Apply(edits);
    }
}

/// <summary>A place in a recipe, for messages.</summary>
/// <param name="Source">File.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Field">Field, as <c>entries[2].size</c>.</param>
public sealed record RecipePlace(string Source, long Line, long Column, string Field)
{
    /// <summary>Where the values of an object are.</summary>
    public IReadOnlyList<RecipeValuePlace> Values { get; init; } = [];

    /// <summary>The place of the first of some fields that the object has; its own when it has none of them.</summary>
    public RecipePlace Of(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            foreach (var value in Values)
            {
                if (value.Name == field)
                {
                    return new RecipePlace(Source, value.Line, value.Column, Field.Length == 0 ? field : $"{Field}.{field}");
                }
            }
        }

        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Source}:{Line}:{Column}: {(Field.Length == 0 ? "recipe" : Field)}";
}

/// <summary>Where the value of one field is.</summary>
/// <param name="Name">Name of the field.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public readonly record struct RecipeValuePlace(string Name, int Line, int Column);
