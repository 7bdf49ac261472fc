using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Harness.Tests.Architecture;
using NUnit.Framework;

namespace Harness.Tests.Fuzz;

/// <summary>
/// Parsers of vault, scratch and text keep to their contract whatever they are given: they take it or refuse it with a documented error, and
/// reserve memory for what is there and not for what is claimed. HARNESS_FUZZ_MINUTES=M tries on, one parser after the other, with
/// HARNESS_FUZZ_PARSER for one of them and HARNESS_FUZZ_SEED for other inputs; what is found becomes a file of the corpus.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class FuzzTests
{
    private const int DefaultSeed = 1;
    private const int DefaultInputs = 1500;
    private const int DefaultTexts = 100;
    private const int InputsAtOnce = 500;
    private const int MostKept = 10;

    private static IEnumerable<string> Parsers => ParserTargets.All.Select(target => target.Name);

    [TestCaseSource(nameof(Parsers))]
    public void Parser_CorpusAndAlteredInputs_KeepsToItsContract(string parser)
    {
        var target = ParserTargets.All.Single(target => target.Name == parser);
        var run = new FuzzRun(target, DefaultSeed);

        var found = run.TrySeeds() ?? run.Try(TextTargets.All.Contains(target) ? DefaultTexts : DefaultInputs);

        Assert.That(found?.Fault, Is.Null, found is { } finding ? Convert.ToHexString(finding.Input) : "");
        Assert.That(run.Endings, Is.GreaterThan(1), "inputs are refused in one way only, or not at all");
    }

    /// <summary>A search of as many minutes as HARNESS_FUZZ_MINUTES says; without it of the corpus only.</summary>
    [Test]
    public void Parsers_ForMinutes_KeepToTheirContract()
    {
        var minutes = double.Parse(Environment.GetEnvironmentVariable("HARNESS_FUZZ_MINUTES") ?? "0", CultureInfo.InvariantCulture);
        var only = Environment.GetEnvironmentVariable("HARNESS_FUZZ_PARSER");
        var seed = int.Parse(Environment.GetEnvironmentVariable("HARNESS_FUZZ_SEED") ?? "2", CultureInfo.InvariantCulture);
        var targets = ParserTargets.All.Where(target => only is null || target.Name == only).ToList();
        Assert.That(targets, Is.Not.Empty, $"known: {string.Join(", ", Parsers)}");
        var findings = new List<string>();
        foreach (var target in targets)
        {
            var run = new FuzzRun(target, seed);
            var found = run.TrySeeds();
            for (var clock = Stopwatch.StartNew(); found is null && clock.Elapsed.TotalMinutes < minutes / targets.Count;)
            {
                found = run.Try(InputsAtOnce);
            }

            TestContext.Out.WriteLine($"{target}: seed {seed}, {run.Tried} inputs, {run.Endings} endings");
            if (found is { } finding)
            {
                findings.Add($"{Corpus.Keep(target.Name, "found", finding.Input)}: {finding.Fault}");
            }
            else if (Environment.GetEnvironmentVariable("HARNESS_FUZZ_KEEP") == "1")
            {
                foreach (var input in run.Novel.Where(input => input.Length <= 1024).Take(MostKept))
                {
                    Corpus.Keep(target.Name, "new", input);
                }
            }
        }

        Assert.That(findings, Is.Empty);
    }

    [Test]
    public void Sources_ThatParse_HaveInputsOrAReason()
    {
        var covered = ParserTargets.All.SelectMany(target => target.Sources).Concat(ParserTargets.Others.Keys).ToHashSet(StringComparer.Ordinal);
        var parsing = SourceTree.Files(".cs")
            .Where(path => path.StartsWith("engine/Core/", StringComparison.Ordinal) && Parsing().IsMatch(SourceTree.Read(path)))
            .ToList();

        Assert.That(parsing, Has.Count.GreaterThan(30));
        Assert.That(parsing.Except(covered), Is.Empty, "add a ParserTarget");
        Assert.That(covered.Where(path => !File.Exists(Path.Combine(SourceTree.Root, path))), Is.Empty);
    }

    [Test]
    public void Corpus_IsSmallAndOfKnownParsersEachOfWhichHasSome()
    {
        Assert.That(Corpus.Parsers, Is.EquivalentTo(Parsers));
        Assert.That(Corpus.TotalBytes, Is.LessThan(Corpus.MostBytes));
    }

    [TestCase("number")]
    [TestCase("memory")]
    public void Run_ParserWithAPlantedBug_FindsIt(string bug)
    {
        var planted = new ParserTarget("planted", [], () => [[1, 2, 3, 4, 5, 6, 7, 8]], input => Planted(input, bug));

        var found = Search(planted);

        Assert.That(found?.Fault, Does.Contain(bug == "number" ? nameof(OverflowException) : "are allowed"));
    }

    private static (byte[] Input, string Fault)? Search(ParserTarget target)
    {
        var run = new FuzzRun(target, DefaultSeed);
        return run.TrySeeds() ?? run.Try(DefaultInputs);
    }

    /// <summary>Takes four bytes for a length: as a number that may be too large, or as one to reserve memory by.</summary>
    private static void Planted(byte[] input, string bug)
    {
        var length = input.Length < 4 ? throw new InvalidDataException("short") : BitConverter.ToUInt32(input);
        _ = bug == "number" ? new byte[Math.Min(10, (int)length)] : new byte[Math.Min(1 << 20, length)];
    }

    [GeneratedRegex(@"new WireReader\(|ref WireReader|BinaryPrimitives\.Read|JsonDocument\.Parse|SealedJson\.Decode|JsonSerializer\.Deserialize|BrotliDecoder|JsonElement", RegexOptions.None, 1000)]
    private static partial Regex Parsing();
}
