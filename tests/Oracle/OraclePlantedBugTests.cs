using NUnit.Framework;

namespace Harness.Tests.Oracle;

/// <summary>
/// Bugs planted in the simulated side: an oracle that does not see one of them would not see a real one either. One for each
/// class that the oracle compares.
/// </summary>
[TestFixture]
[Platform("Linux", Reason = "The real volume is one of ntfs-3g.")]
[NonParallelizable]
public sealed class OraclePlantedBugTests
{
    private const string Base = """
        MakeDirectory|d||0|0|0x0
        Create|a||0|0|0x0
        Create|b||0|0|0x0
        Write|a||0|9000|0x1
        Write|a:s||0|40|0x3
        Write|d:t||0|10|0x3

        """;

    [TestCase("Create|n||0|0|0x0", "Create|m||0|0|0x0", "only on the", TestName = "{m}(Names)")]
    [TestCase("Rename|a|d/x|0|0|0x0", "Rename|a|x|0|0|0x0", "only on the", TestName = "{m}(NamesOfRename)")]
    [TestCase("Delete|b||0|0|0x0", null, "only on the simulated", TestName = "{m}(NamesOfDelete)")]
    [TestCase("Truncate|a||0|5000|0x0", "Truncate|a||0|5001|0x0", "a: size is 5001", TestName = "{m}(Sizes)")]
    [TestCase("Truncate|a:s||0|7|0x0", "Truncate|a:s||0|8|0x0", "a:s: size is 8", TestName = "{m}(SizesOfStreams)")]
    [TestCase("Write|a||4000|1|0x5", "Write|a||4000|1|0x6", "a: bytes differ, first at 4000", TestName = "{m}(Bytes)")]
    [TestCase("Write|d:t||9|1|0x5", "Write|d:t||9|1|0x6", "d:t: bytes differ, first at 9", TestName = "{m}(BytesOfStreams)")]
    [TestCase("Delete|a:s||0|0|0x0", null, "a: streams is [][s]", TestName = "{m}(Streams)")]
    [TestCase("Link|b|l|0|0|0x0", "Create|l||0|0|0x0", "link count is 1", TestName = "{m}(LinkCounts)")]
    [TestCase("SetAttributes|b||0|0|0x2022", "SetAttributes|b||0|0|0x2020", "differ in Hidden", TestName = "{m}(Attributes)")]
    [TestCase("SetAttributes|d||0|0|0x3", "SetAttributes|d||0|0|0x2", "differ in ReadOnly", TestName = "{m}(AttributesOfDirectories)")]
    [TestCase("SetTimes|b||0|0|0x7", "SetTimes|b||0|0|0x8", "creation time is", TestName = "{m}(Times)")]
    [TestCase("SetTimes|b||0|0|0x4\nWrite|b||0|1|0x1", "Write|b||0|1|0x1\nSetTimes|b||0|0|0x4", "write time", TestName = "{m}(TimesThatMove)")]
    [TestCase("SetSecurity|b||0|0|0x1", "SetSecurity|b||0|0|0x2", "b: security is", TestName = "{m}(Security)")]
    [TestCase("SetReparse|b||0|0|0x2", "SetReparse|b||0|0|0x3", "b: reparse tag is", TestName = "{m}(ReparseTags)")]
    [TestCase("SetReparse|b||0|0|0x2", "SetReparse|b||0|0|0x6", "b: reparse data is", TestName = "{m}(ReparseData)")]
    [TestCase("Compress|d||0|0|0x0", null, "differ in Compressed", TestName = "{m}(CompressedState)")]
    public async Task Compare_AfterAPlantedBug_SeesIt(string right, string? wrong, string seen)
    {
        using var real = new NtfsSubject();
        var sim = new SimSubject();
        var started = TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(2);
        foreach (var operation in OracleOperation.ParseScript(Base))
        {
            Assert.That((sim.Apply(operation), real.Apply(operation)), Is.EqualTo(((string?)null, (string?)null)));
        }

        real.Refresh(always: true);
        Assert.That(await OracleComparer.CompareAsync(sim, real.Root, started), Is.Empty);
        Assert.That(OracleOperation.ParseScript(wrong ?? "").Select(sim.Apply).ToList(), Is.All.Null);
        Assert.That(OracleOperation.ParseScript(right).Select(real.Apply).ToList(), Is.All.Null);
        real.Refresh(always: true);

        Assert.That(await OracleComparer.CompareAsync(sim, real.Root, started), Has.Some.Contains(seen));
    }

    // Counts and contents are the same: only who is linked to whom differs.
    [Test]
    public Task Compare_WithLinksCrossed_SeesTheGroups() => SeesAsync(
        "Create|a||0|0|0x0\nCreate|b||0|0|0x0\nLink|a|x|0|0|0x0\nLink|b|y|0|0|0x0",
        "Create|a||0|0|0x0\nCreate|b||0|0|0x0\nLink|b|x|0|0|0x0\nLink|a|y|0|0|0x0",
        "file");

    // Bytes differ too: content alone decides what compression leaves, and rewriting it is an error of the driver.
    [Test]
    public Task Compare_WithMoreCompressedClusters_SeesTheAllocation() => SeesAsync(
        "MakeDirectory|c||0|0|0x0\nCompress|c||0|0|0x0\nCreate|c/f||0|0|0x0\nWrite|c/f||0|262144|0x1",
        "MakeDirectory|c||0|0|0x0\nCompress|c||0|0|0x0\nCreate|c/f||0|0|0x0\nWrite|c/f||0|262144|0x0",
        "compressed bytes on the simulated volume");

    [Test]
    public async Task Shrink_OfAPlantedBug_LeavesTheFewOperationsThatShowIt()
    {
        // Hides among sixty operations: what is written into a stream loses its last byte.
        static OracleOperation? Planted(OracleOperation operation) =>
            operation is { Kind: OracleKind.Append, IsStream: true, Length: > 1 } ? operation with { Length = operation.Length - 1 } : operation;
        var operations = OracleGenerator.Generate(11, 60).ToList();
        operations.InsertRange(50, OracleOperation.ParseScript("""
            MakeDirectory|deep||0|0|0x0
            MakeDirectory|deep/er||0|0|0x0
            Create|deep/er/f||0|0|0x0
            Write|deep/er/f:s||0|5000|0x7
            Append|deep/er/f:s||0|3000|0x9
            """));
        async Task<string?> Signature(IReadOnlyList<OracleOperation> candidate) =>
            (await OracleRun.RunAsync(candidate, candidate.Count, planted: Planted))?.Signature;
        var signature = await Signature(operations);

        var shrunk = await OracleSimplifier.ShrinkAsync(operations, async candidate => await Signature(candidate) == signature);

        Assert.That(signature, Does.StartWith("size is"));
        Assert.That(shrunk.Select(operation => operation.Kind), Is.EqualTo(new[] { OracleKind.Create, OracleKind.Write, OracleKind.Append }));
        Assert.That(shrunk.Select(operation => operation.Path), Has.None.Contains('/'));
        Assert.That(shrunk.Sum(operation => operation.Length), Is.LessThan(5000), string.Join('\n', shrunk));
    }

    private static async Task SeesAsync(string right, string wrong, string seen)
    {
        using var real = new NtfsSubject();
        var sim = new SimSubject();
        var started = TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(2);
        Assert.That(OracleOperation.ParseScript(wrong).Select(sim.Apply).ToList(), Is.All.Null);
        Assert.That(OracleOperation.ParseScript(right).Select(real.Apply).ToList(), Is.All.Null);
        real.Refresh(always: true);

        var found = await OracleComparer.CompareAsync(sim, real.Root, started);

        Assert.That(found, Is.Not.Empty);
        Assert.That(found, Has.Some.Contains(seen));
    }
}
