using System.Globalization;
using NUnit.Framework;

namespace Harness.Tests.Oracle;

/// <summary>
/// Random sequences of operations on the simulated volume and on a real NTFS volume. HARNESS_ORACLE_SEEDS and
/// HARNESS_ORACLE_OPS (operations of all seeds together) make it the nightly run; HARNESS_ORACLE_FROM is the first seed. HARNESS_ORACLE_SCRIPT names a file
/// with one sequence instead, in the form that a difference is printed in.
/// </summary>
[TestFixture]
[Platform("Linux", Reason = "The real volume is one of ntfs-3g.")]
[NonParallelizable]
public sealed class OracleTests
{
    private const int DefaultSeeds = 8;
    private const int DefaultOperations = 2400;
    private const int MaxFailures = 5;

    [Test]
    public async Task Sequences_OnBothVolumes_AgreeUpToTheKnownDifferences()
    {
        if (Environment.GetEnvironmentVariable("HARNESS_ORACLE_SCRIPT") is { Length: > 0 } file)
        {
            var script = OracleOperation.ParseScript(await File.ReadAllTextAsync(file));
            Assert.That((await OracleRun.RunAsync(script, script.Count))?.Text, Is.Null);
            return;
        }

        var seeds = Setting("HARNESS_ORACLE_SEEDS", DefaultSeeds);
        var each = Math.Max(1, Setting("HARNESS_ORACLE_OPS", seeds == DefaultSeeds ? DefaultOperations : seeds * 500) / seeds);
        var first = Setting("HARNESS_ORACLE_FROM", 1);
        var counts = new OracleCounts();
        var failures = new List<string>();
        for (var seed = first; seed < first + seeds && failures.Count < MaxFailures; seed++)
        {
            var operations = OracleGenerator.Generate((ulong)seed, each);
            if (await OracleRun.RunAsync(operations, counts: counts) is { } difference)
            {
                await TestContext.Progress.WriteLineAsync($"Seed {seed}, after {difference.Operations} operations: {difference.Text}");
                failures.Add(await ExplainAsync(seed, operations, difference));
            }
        }

        TestContext.Out.WriteLine($"{seeds} seeds from {first}, {seeds * each} operations: {counts}; {failures.Count} unexplained.");
        Assert.That(failures, Is.Empty, string.Join('\n', failures));
        Assert.That(counts.Done, Is.GreaterThan(seeds * each / 2), "Most operations are done on both volumes.");
    }

    /// <summary>Shrinks, and prints the rest as a test that can be pasted into <see cref="OracleRegressionTests"/>.</summary>
    private static async Task<string> ExplainAsync(
        int seed, IReadOnlyList<OracleOperation> operations, OracleDifference difference)
    {
        var shortest = await OracleSimplifier.ShrinkAsync(
            [.. operations.Take(difference.Operations)],
            async candidate => (await OracleRun.RunAsync(candidate, candidate.Count))?.Signature == difference.Signature);
        var last = await OracleRun.RunAsync(shortest, shortest.Count) ?? difference;
        var lines = string.Join('\n', shortest.Select(operation => "            " + operation));
        const string quotes = "\"\"\"";
        return $"Seed {seed}: the volumes differ after {difference.Operations} operations:\n{difference.Text}\n"
            + $"The shortest sequence that differs:\n{last.Text}\n\n"
            + $"    [Test]\n    public Task Seed{seed}_Shrunk_Agrees() => AgreesAsync({quotes}\n{lines}\n        {quotes});\n";
    }

    private static int Setting(string name, int absent) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value > 0 ? value : absent;
}
