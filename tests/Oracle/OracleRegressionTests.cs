using Harness.Tests.Architecture;
using NUnit.Framework;

namespace Harness.Tests.Oracle;

/// <summary>Shrunk sequences that differed once, and the parts of the oracle that no sequence tests.</summary>
[TestFixture]
[NonParallelizable]
public sealed class OracleRegressionTests
{
    [Test]
    public void KnownDifferences_InTheTable_AreThoseOfTheDocument()
    {
        var documented = SourceTree.Read("simulator/KNOWN_DIFFERENCES.md").Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);

        Assert.That(documented, Is.EquivalentTo(KnownDifferences.All));
    }

    [Test]
    public void Generate_OfOneSeedTwice_IsTheSameAndSurvivesItsTextForm()
    {
        var first = OracleGenerator.Generate(5, 300);
        var script = string.Join('\n', first);

        Assert.That(OracleGenerator.Generate(5, 300), Is.EqualTo(first));
        Assert.That(OracleOperation.ParseScript(script), Is.EqualTo(first));
    }

    [Test]
    public async Task Shrink_OfAFailureByTwoOfMany_LeavesTheTwo()
    {
        var shrunk = await Shrinker.ShrinkAsync(
            Enumerable.Range(0, 200).ToList(), list => Task.FromResult(list.Contains(17) && list.Contains(171)));

        Assert.That(shrunk, Is.EqualTo([17, 171]));
    }

    [Test]
    [Platform("Linux", Reason = "The real volume is one of ntfs-3g.")]
    public async Task Compare_AfterAChangeBehindItsBack_SeesIt()
    {
        using var real = new NtfsSubject();
        var sim = new SimSubject();
        var started = TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(2);
        OracleOperation[] operations =
        [
            new(OracleKind.Create, "a"), new(OracleKind.Write, "a", Length: 100, Value: 1), new(OracleKind.MakeDirectory, "d"),
            new(OracleKind.Create, "b"), new(OracleKind.Write, "b:s", Length: 10, Value: 3), new(OracleKind.Create, "c"),
        ];
        foreach (var operation in operations)
        {
            Assert.That((sim.Apply(operation), real.Apply(operation)), Is.EqualTo(((string?)null, (string?)null)));
        }

        OracleOperation[] hidden =
        [
            new(OracleKind.Write, "a", Offset: 50, Length: 1, Value: 2), new(OracleKind.Delete, "b:s"),
            new(OracleKind.SetTimes, "d", Value: 9), new(OracleKind.SetAttributes, "c", Value: 2), new(OracleKind.Link, "c", "e"),
        ];
        Assert.That(await OracleComparer.CompareAsync(sim, real.Root, started), Is.Empty);
        Assert.That(hidden.Select(real.Apply), Is.All.Null);
        var found = await OracleComparer.CompareAsync(sim, real.Root, started);

        Assert.That(found, Has.Some.Contains("a: bytes differ, first at 50"));
        Assert.That(found, Has.Some.Contains("b: streams"));
        Assert.That(found, Has.Some.Contains("d: the creation time was").Or.Some.Contains("d: the write time"));
        Assert.That(found, Has.Some.Contains("c: attributes"));
        Assert.That(found, Has.Some.Contains("e: only on the mounted volume"));
    }

    // MS-FSA 2.1.5.15.4: the size that it has already changes nothing. The simulated volume set the archive bit.
    [Test]
    [Platform("Linux", Reason = "The real volume is one of ntfs-3g.")]
    public Task Truncate_ToTheSameSize_ChangesNothing() => AgreesAsync("""
            Create|z||0|0|0x0
            SetAttributes|z||0|0|0x1002
            SetTimes|z||0|0|0x4
            Truncate|z||0|0|0x238
        """);

    private static async Task AgreesAsync(string script)
    {
        var operations = OracleOperation.ParseScript(script);

        Assert.That((await OracleRun.RunAsync(operations, 1))?.Text, Is.Null);
    }
}
