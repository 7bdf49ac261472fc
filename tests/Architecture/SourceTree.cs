namespace Harness.Tests.Architecture;

/// <summary>The repository as files: found by walking up from the test assembly to the solution.</summary>
internal static class SourceTree
{
    private static readonly string[] Generated = ["bin", "obj", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts"];

    /// <summary>Folder of Harness.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Files of one extension below the projects, as paths relative to <see cref="Root"/> with '/'.</summary>
    public static IEnumerable<string> Files(string extension) =>
        new[] { "engine", "simulator", "scenarios", "tests", "perf" }
            .Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*" + extension, SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(Generated.Contains))
            .Order(StringComparer.Ordinal);

    /// <summary>Text of a file by its relative path.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Harness.sln")))
        {
            at = Path.GetDirectoryName(at)
                ?? throw new InvalidOperationException($"No Harness.sln above {AppContext.BaseDirectory}.");
        }

        return at;
    }
}
