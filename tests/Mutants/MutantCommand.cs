using System.Globalization;
using System.IO.Enumeration;
using Harness.Tests.Architecture;

namespace Harness.Tests.Mutants;

/// <summary>The command line of '.ci/mutants'.</summary>
internal static class MutantCommand
{
    private const string Usage = """
        usage: .ci/mutants [--list] [--jobs N] [--tests CLASS,...] [ID...]
          ID         a measure of tests/Mutants/mutants.yaml; * and ? stand for any letters; all without one
          --list     names them, the file and the reason, and tries none
          --jobs N   so many at once (1)
          --tests    runs these classes (or Class.Method) in place of those that the list names
        Exit code 0: each was missed by a test. 2: one survived, or could not be tried. 5: bad arguments. 8: nothing selected.
        """;

    /// <summary>Runs it; the exit code is that of the process.</summary>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var ids = new List<string>();
        var lists = false;
        var jobs = 1;
        IReadOnlyList<string>? tests = null;
        for (var at = 0; at < arguments.Count; at++)
        {
            var isBad = false;
            switch (arguments[at])
            {
                case "--list":
                    lists = true;
                    break;
                case "--jobs" when at + 1 < arguments.Count:
                    isBad = !int.TryParse(arguments[++at], NumberStyles.None, CultureInfo.InvariantCulture, out jobs) || jobs is < 1 or > 64;
                    break;
                case "--tests" when at + 1 < arguments.Count:
                    tests = arguments[++at].Split(',', StringSplitOptions.RemoveEmptyEntries);
                    break;
                case ['-', ..]:
                    isBad = true;
                    break;
                default:
                    ids.Add(arguments[at]);
                    break;
            }

            if (isBad)
            {
                error.WriteLine($"'{arguments[at]}' is no argument here.\n{Usage}");
                return 5;
            }
        }

        var all = MutantList.Read();
        if (ids.Find(id => !all.Any(mutant => Matches(id, mutant))) is { } unknown)
        {
            error.WriteLine($"No measure is called '{unknown}'; --list names them.");
            return 8;
        }

        var chosen = all.Where(mutant => ids.Count == 0 || ids.Exists(id => Matches(id, mutant))).ToList();
        return lists ? List(chosen, output) : Try([.. chosen.Select(mutant => mutant with { Tests = tests ?? mutant.Tests })], jobs, output);
    }

    private static bool Matches(string id, Mutant mutant) => FileSystemName.MatchesSimpleExpression(id, mutant.Id, ignoreCase: false);

    private static int List(IEnumerable<Mutant> mutants, TextWriter output)
    {
        foreach (var mutant in mutants)
        {
            output.WriteLine($"{mutant.Id}  {mutant.File}  {mutant.Why}");
        }

        return 0;
    }

    private static int Try(IReadOnlyList<Mutant> mutants, int jobs, TextWriter output)
    {
        var folder = Path.Combine(SourceTree.Root, "out", "mutants", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        try
        {
            var verdicts = new MutantRun(folder, output).Run(mutants, jobs);
            foreach (var verdict in verdicts.Where(verdict => verdict.Word != MutantVerdict.Killed))
            {
                output.WriteLine(verdict.ToString());
            }

            var killed = verdicts.Count(verdict => verdict.Word == MutantVerdict.Killed);
            var survived = verdicts.Count(verdict => verdict.Word == MutantVerdict.Survived);
            output.WriteLine($"{killed} killed, {survived} survived, {verdicts.Count - killed - survived} errors");
            return killed == verdicts.Count ? 0 : 2;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
