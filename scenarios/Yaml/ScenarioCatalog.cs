using Harness.Engine.Errors;
using Harness.Scenarios.Model;

namespace Harness.Scenarios.Yaml;

/// <summary>All scenarios below a directory.</summary>
/// <param name="Scenarios">Those that passed all checks, by id.</param>
/// <param name="Problems">Everything wrong with the others, by file and line.</param>
public sealed record ScenarioCatalog(IReadOnlyList<Scenario> Scenarios, IReadOnlyList<Problem> Problems)
{
    private const int MaxFiles = 10_000;

    /// <summary>The catalogue that ships beside the program.</summary>
    public static string DefaultDirectory => Path.Combine(AppContext.BaseDirectory, "catalog");

    /// <summary>Loads every *.yaml below a directory, or one file; ScenarioInvalid with all problems when there are any.</summary>
    public static ScenarioCatalog Load(string path)
    {
        var catalog = Lint(path);
        return catalog.Problems.Count == 0 ? catalog : throw ProblemList.ToException(catalog.Problems);
    }

    /// <summary>Loads what can be loaded and tells of everything wrong; FileInaccessible when the path cannot be read.</summary>
    public static ScenarioCatalog Lint(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var scenarios = new SortedDictionary<string, Scenario>(StringComparer.Ordinal);
        var problems = new List<Problem>();
        foreach (var file in FindFiles(path))
        {
            var list = new ProblemList(file);
            var scenario = ScenarioLoader.Load(ReadText(file), list);
            if (scenario is not null && !scenarios.TryAdd(scenario.Id, scenario))
            {
                list.Add(new YamlMark(1, 1), $"The id '{scenario.Id}' is already taken by {scenarios[scenario.Id].File}.");
            }

            problems.AddRange(list.Problems);
        }

        return new ScenarioCatalog([.. scenarios.Values], problems);
    }

    private static List<string> FindFiles(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new BackupException(
                ErrorCode.FileInaccessible,
                $"There is no scenario file or directory '{path}'.",
                "Name a *.yaml file or a directory that holds some.");
        }

        return [.. Directory.EnumerateFiles(path, "*.yaml", SearchOption.AllDirectories)
            .Take(MaxFiles)
            .Order(StringComparer.Ordinal)];
    }

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible, $"The scenario file '{file}' cannot be read: {error.Message}", inner: error);
        }
    }
}
