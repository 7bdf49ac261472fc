using System.Diagnostics;
using System.Globalization;
using Harness.Tests.Architecture;

namespace Harness.Tests.Mutants;

/// <summary>
/// Takes one safety measure after another out of a copy of the tree, builds the project that it is in, runs the tests that must notice, and
/// says which did. Run by '.ci/mutants', nightly; the tree itself is not touched.
/// </summary>
internal sealed class MutantRun(string copy, TextWriter output)
{
    private const string Output = "bin/Debug/net10.0";
    private static readonly string[] Quick = ["--no-restore", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-v", "q", "--nologo"];
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(10);

    /// <summary>Tries those with these ids, or all; returns how many survived.</summary>
    public int Run(IReadOnlyList<string> ids)
    {
        Copy();
        if (Dotnet(["restore", "tests", "-v", "q"]) != 0 || Dotnet(["build", "tests", .. Quick]) != 0)
        {
            throw new InvalidOperationException($"The tree does not build as it is in {copy}.");
        }

        var survivors = 0;
        foreach (var mutant in MutantList.Read().Where(mutant => ids.Count == 0 || ids.Contains(mutant.Id)))
        {
            var began = TimeProvider.System.GetTimestamp();
            var verdict = Try(mutant);
            survivors += verdict == "killed" ? 0 : 1;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{verdict,-9} {mutant.Id} ({TimeProvider.System.GetElapsedTime(began).TotalSeconds:F0} s)"));
        }

        output.WriteLine($"{survivors} survived.");
        return survivors;
    }

    private string Try(Mutant mutant)
    {
        var file = Path.Combine(copy, mutant.File);
        var source = File.ReadAllText(file);
        var project = Directory.GetFiles(Path.Combine(copy, string.Join('/', mutant.File.Split('/').Take(2))), "*.csproj")[0];
        var assembly = Path.GetFileNameWithoutExtension(project) + ".dll";
        var used = Path.Combine(copy, "tests", Output, assembly);
        var kept = File.ReadAllBytes(used);
        try
        {
            File.WriteAllText(file, mutant.ApplyTo(source));
            if (Dotnet(["build", project, "--no-dependencies", .. Quick]) != 0)
            {
                return "no build";
            }

            File.Copy(Path.Combine(Path.GetDirectoryName(project)!, Output, assembly), used, overwrite: true);
            var filter = string.Join('|', mutant.Tests.Select(test => $"FullyQualifiedName~.{test}"));
            return Dotnet(["test", "tests", "--no-build", "--nologo", "-v", "q", "--filter", filter]) == 0 ? "SURVIVED" : "killed";
        }
        finally
        {
            File.WriteAllText(file, source);
            File.WriteAllBytes(used, kept);
        }
    }

    /// <summary>What git knows of the tree, as it lies there.</summary>
    private void Copy()
    {
        using var listing = Process.Start(new ProcessStartInfo("git", ["ls-files"]) { WorkingDirectory = SourceTree.Root, RedirectStandardOutput = true, UseShellExecute = false })!;
        var names = listing.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        listing.WaitForExit();
        foreach (var name in names.Where(name => File.Exists(Path.Combine(SourceTree.Root, name))))
        {
            var target = Path.Combine(copy, name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(SourceTree.Root, name), target, overwrite: true);
        }
    }

    /// <summary>A test that hangs for want of a measure has noticed it.</summary>
    private int Dotnet(IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = copy,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(MostTime))
        {
            process.Kill(entireProcessTree: true);
            return -1;
        }

        return process.ExitCode;
    }
}
