namespace Harness.Scenarios.Azurite;

/// <summary>Where Azurite and Node.js are looked for. Immutable; the environment is read once, by the composer.</summary>
public sealed record AzuriteSettings
{
    /// <summary>Folder of installations, one per lock file. Default <c>$XDG_CACHE_HOME/harness/azurite</c> or <c>~/.cache/...</c>.</summary>
    public required string CacheRoot { get; init; }

    /// <summary>An existing installation (the folder that holds node_modules), from HARNESS_AZURITE_DIR; null: our own.</summary>
    public string? InstalledDirectory { get; init; }

    /// <summary>The Node.js program to use, from HARNESS_NODE; null: the installed one, else the one on the path.</summary>
    public string? NodePath { get; init; }

    /// <summary>The folders in which npm and node are looked for, as in PATH.</summary>
    public string SearchPath { get; init; } = string.Empty;

    /// <summary>Reads the settings from environment variables.</summary>
    public static AzuriteSettings FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        string? cache = NullIfEmpty(variable("XDG_CACHE_HOME"));
        if (cache is null || !Path.IsPathRooted(cache))
        {
            cache = OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        }

        return new AzuriteSettings
        {
            CacheRoot = Path.Join(cache, "harness", "azurite"),
            InstalledDirectory = NullIfEmpty(variable("HARNESS_AZURITE_DIR")),
            NodePath = NullIfEmpty(variable("HARNESS_NODE")),
            SearchPath = variable("PATH") ?? string.Empty,
        };
    }

    /// <summary>The full path of a program on the search path, or null.</summary>
    public string? FindProgram(string name)
    {
        string[] names = OperatingSystem.IsWindows() ? [name + ".exe", name + ".cmd"] : [name];
        return SearchPath
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(file => Path.Join(folder, file)))
            .FirstOrDefault(File.Exists);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
