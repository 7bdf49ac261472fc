using System.Globalization;
using Harness.Tests.Architecture;

namespace Harness.Tests.Mutants;

/// <summary>
/// Takes one safety measure after another out of a copy of what was built, runs the tests that must notice, and says which did. What counts is a
/// test that is red, green with the measure, and red again without it. Run by '.ci/mutants', nightly; neither the tree nor its build is touched.
/// </summary>
/// <param name="folder">A folder of its own below the tree; made anew.</param>
/// <param name="output">Where verdicts go, one a line.</param>
internal sealed class MutantRun(string folder, TextWriter output)
{
    private const string Assembly = "Harness.Tests.dll";

    // A test that hangs for want of a measure has noticed it.
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(10);
    private readonly Dictionary<string, bool> _asItIs = [];
    private readonly Lock _gate = new();
    private MutantCompiler? _compiler;

    /// <summary>Tries these, so many at once; returns what did not end with 'killed'.</summary>
    public IReadOnlyList<MutantVerdict> Run(IReadOnlyList<Mutant> mutants, int jobs)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        _compiler = new MutantCompiler(Path.Combine(folder, "sources"));
        MutantFiles.Copy(AppContext.BaseDirectory, Plain);
        foreach (var file in mutants.Select(mutant => mutant.File).DistinctBy(file => string.Join('/', file.Split('/').Take(2))))
        {
            // Compiled in the same way, so that what this way lacks is no fault of a mutant.
            if (_compiler.Compile(file, text => text, Plain) is { } trouble)
            {
                throw new InvalidOperationException($"{file} does not compile as it is: {trouble}");
            }
        }

        var next = -1;
        var done = 0;
        var verdicts = new List<MutantVerdict>();
        Parallel.For(0, jobs, new ParallelOptions { MaxDegreeOfParallelism = jobs }, job =>
        {
            for (var at = Interlocked.Increment(ref next); at < mutants.Count; at = Interlocked.Increment(ref next))
            {
                var began = TimeProvider.System.GetTimestamp();
                var verdict = Try(mutants[at], Path.Combine(folder, "job" + job.ToString(CultureInfo.InvariantCulture)));
                lock (_gate)
                {
                    verdicts.Add(verdict);
                    done++;
                    output.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{verdict} [{done}/{mutants.Count}, {TimeProvider.System.GetElapsedTime(began).TotalSeconds:F0} s]"));
                }
            }
        });
        return verdicts;
    }

    private string Plain => Path.Combine(folder, "as-it-is");

    private MutantVerdict Try(Mutant mutant, string place)
    {
        MutantFiles.Copy(Plain, place);
        if (_compiler!.Compile(mutant.File, mutant.ApplyTo, place) is { } trouble)
        {
            return new MutantVerdict(mutant.Id, MutantVerdict.Error, trouble);
        }

        var doNotCount = new HashSet<string>();
        while (true)
        {
            var (exitCode, lines) = RunTests(place, [.. mutant.Tests, .. doNotCount.Select(test => "-" + test)]);
            switch (exitCode)
            {
                case 0:
                    return new MutantVerdict(mutant.Id, MutantVerdict.Survived, string.Join(", ", mutant.Tests));
                case -1:
                    return new MutantVerdict(mutant.Id, MutantVerdict.Killed, $"no end within {MostTime}");
                case 2 when RedOf(lines) is var (red, message) && !doNotCount.Contains(red):
                    if (IsGreenAsItIs(red) && RunTests(place, ["=" + red]).ExitCode is not (0 or 5))
                    {
                        return new MutantVerdict(mutant.Id, MutantVerdict.Killed, $"{red}: {message}");
                    }

                    doNotCount.Add(red);
                    break;
                default:
                    return new MutantVerdict(mutant.Id, MutantVerdict.Error, $"the tests ended with {exitCode}: {lines.LastOrDefault(line => line.Length > 0)}");
            }
        }
    }

    /// <summary>Asked once of each test.</summary>
    private bool IsGreenAsItIs(string test)
    {
        lock (_gate)
        {
            if (!_asItIs.TryGetValue(test, out var isGreen))
            {
                _asItIs[test] = isGreen = RunTests(Plain, ["=" + test]).ExitCode == 0;
            }

            return isGreen;
        }
    }

    private static (int ExitCode, IReadOnlyList<string> Output) RunTests(string place, IEnumerable<string> tests) =>
        ChildProcess.Run(SourceTree.Root, MostTime, ["exec", Path.Combine(place, Assembly), ChosenTests.Word, .. tests]);

    private static (string Test, string Message)? RedOf(IReadOnlyList<string> lines)
    {
        var at = lines.ToList().FindIndex(line => line.StartsWith(ChosenTests.Red, StringComparison.Ordinal));
        return at < 0 ? null : (lines[at][ChosenTests.Red.Length..], at + 1 < lines.Count ? lines[at + 1].Trim() : "");
    }
}
