using System.Text.Json;
using Harness.Tests.Architecture;

namespace Harness.Tests.Mutants;

/// <summary>
/// Compiles one project of the engine with one file changed: the very command that the build uses, asked of MSBuild once, with another output.
/// It works on a copy of the engine's sources, so what is edited meanwhile does not matter. One thread at a time for each output folder.
/// </summary>
internal sealed class MutantCompiler
{
    // Not for a mutant: documentation, reference assembly, and warnings (a parameter that is not used any more) as errors.
    private static readonly string[] Dropped = ["/doc:", "/refout:", "/out:", "/warnaserror", "/noconfig", "/embed:"];
    private readonly string _sources;
    private readonly Dictionary<string, (string Compiler, IReadOnlyList<string> Arguments)> _commands = [];

    /// <summary>Copies the sources below 'engine', as they lie there, to a folder.</summary>
    public MutantCompiler(string folder)
    {
        _sources = folder;
        MutantFiles.Copy(Path.Combine(SourceTree.Root, "engine"), Path.Combine(_sources, "engine"), name => name != "bin");
    }

    /// <summary>Puts the assembly with one file changed over the one in a folder; returns the compiler's first error, or null.</summary>
    /// <param name="file">The file, from the root of the tree.</param>
    /// <param name="change">Makes of its text another, or the same.</param>
    /// <param name="folder">Where the assembly goes.</param>
    public string? Compile(string file, Func<string, string> change, string folder)
    {
        var project = ProjectOf(file);
        var (compiler, arguments) = CommandOf(project);
        var changed = Path.Combine(folder, "Mutant.cs");
        var inProject = string.Join('/', file.Split('/').Skip(2));
        File.WriteAllText(changed, change(File.ReadAllText(Path.Combine(_sources, file))));

        var response = Path.Combine(folder, "Mutant.rsp");
        File.WriteAllLines(
            response,
            [
                .. arguments.Select(argument => argument == inProject ? changed : argument).Select(argument => argument.Contains('"') ? argument : '"' + argument + '"'),
                "/warnaserror-",
                $"\"/out:{Path.Combine(folder, Path.GetFileNameWithoutExtension(project) + ".dll")}\"",
            ]);
        var (exitCode, output) = ChildProcess.Run(
            Path.GetDirectoryName(Path.Combine(_sources, Path.GetRelativePath(SourceTree.Root, project)))!,
            TimeSpan.FromMinutes(5),
            ["exec", compiler, "/shared", "/noconfig", "@" + response]);
        return exitCode == 0 ? null : output.FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? "the compiler failed";
    }

    private static string ProjectOf(string file) =>
        Directory.GetFiles(Path.Combine(SourceTree.Root, string.Join('/', file.Split('/').Take(2))), "*.csproj")[0];

    private (string Compiler, IReadOnlyList<string> Arguments) CommandOf(string project)
    {
        lock (_commands)
        {
            if (!_commands.TryGetValue(project, out var command))
            {
                _commands[project] = command = Ask(project);
            }

            return command;
        }
    }

    private (string Compiler, IReadOnlyList<string> Arguments) Ask(string project)
    {
        var (exitCode, output) = ChildProcess.Run(
            Path.GetDirectoryName(project)!,
            TimeSpan.FromMinutes(5),
            [
                "msbuild", project, "-t:PrepareResources;Compile", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true", "-p:RunAnalyzers=false",
                "-p:BuildProjectReferences=false", "-p:NonExistentFile=none", "-getItem:CscCommandLineArgs", "-getProperty:RoslynTargetsPath",
            ]);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"MSBuild does not say how {project} is compiled: {string.Join('\n', output)}");
        }

        using var answer = JsonDocument.Parse(string.Join('\n', output));
        var roslyn = answer.RootElement.GetProperty("Properties").GetProperty("RoslynTargetsPath").GetString()!;
        var arguments = answer.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!)
            .Where(argument => !Dropped.Any(start => argument.StartsWith(start, StringComparison.Ordinal)))
            .Select(argument => argument.Replace(Path.Combine(SourceTree.Root, "engine"), Path.Combine(_sources, "engine"), StringComparison.Ordinal))
            .ToList();
        return arguments.Count > 0
            ? (Path.Combine(roslyn, "bincore", "csc.dll"), arguments)
            : throw new InvalidOperationException($"MSBuild names no arguments for {project}: build the tree first.");
    }
}
