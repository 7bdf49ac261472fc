namespace Harness.Simulator.Recipes;

/// <summary>A generated tree of directories and files.</summary>
public sealed record RecipeTree
{
    /// <summary>Where in the recipe.</summary>
    public required RecipePlace Place { get; init; }

    /// <summary>Directory that holds the tree; "" is the root.</summary>
    public string Path { get; init; } = "";

    /// <summary>Number of files.</summary>
    public required long Files { get; init; }

    /// <summary>Levels of directories below <see cref="Path"/>.</summary>
    public int Depth { get; init; } = 3;

    /// <summary>Directories in one directory, as far as there are files to fill them.</summary>
    public int FanOut { get; init; } = 5;

    /// <summary>
    /// Whether entries are generated when somebody looks, so that any number of them costs nothing; then names are numbered.
    /// </summary>
    public bool IsLazy { get; init; }

    /// <summary>Names: "office" is believable, "plain" is numbered.</summary>
    public string Names { get; init; } = "office";

    /// <summary>Sizes of the files.</summary>
    public RecipeSizes Sizes { get; init; } = new();

    /// <summary>Content; null follows the file's extension.</summary>
    public RecipeContent? Content { get; init; }

    /// <summary>Attributes of every file.</summary>
    public RecipeAttributes Attributes { get; init; } = new();
}

/// <summary>How big the files of a tree are.</summary>
public sealed record RecipeSizes
{
    /// <summary>lognormal, fixed, uniform or list.</summary>
    public string Distribution { get; init; } = "lognormal";

    /// <summary>Median of a lognormal one, the size of a fixed one.</summary>
    public long Median { get; init; } = 24 * 1024;

    /// <summary>Spread of a lognormal one: the standard deviation of the logarithm.</summary>
    public double Sigma { get; init; } = 1.6;

    /// <summary>No file is smaller.</summary>
    public long Min { get; init; }

    /// <summary>No file is larger.</summary>
    public long Max { get; init; } = 64 * 1024 * 1024;

    /// <summary>Sizes to choose from.</summary>
    public IReadOnlyList<long> Values { get; init; } = [];
}
