using Harness.Scenarios.Searches;
using Harness.Scenarios.Searches.Histories;
using Harness.Scenarios.Searches.Oracles;
using Harness.Simulator.Faults;
using Harness.Simulator.Kernel;
using Harness.Simulator.Processes;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Searches;

/// <summary>Each oracle of the searches says no when there is something to say no to.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class OracleTests
{
    [TestCase("packs/", "in a pack that is there")]
    [TestCase("index/", "in a pack that is there")]
    [TestCase("manifests/", "not there")]
    public void References_ToWhatIsGone_AreFound(string kind, string expected)
    {
        var world = BackedUp();
        Assert.That(Problems(world), Is.Empty);

        world.Vault.Store.Remove(world.Vault.Store.Names(kind)[0]);

        Assert.That(Problems(world), Has.Some.Contains(expected));
    }

    [Test]
    public void References_ToAChangedSegment_AreFound()
    {
        var world = BackedUp();
        world.Vault.Store.Corrupt(world.Vault.Store.Names("packs/")[0], content =>
        {
            content[100] ^= 1;
            return content;
        });

        Assert.That(Problems(world), Has.Some.StartsWith("references: "));
    }

    [Test]
    public void Budget_OfARunThatSentMoreThanChanged_IsFound()
    {
        var world = BackedUp();
        var point = world.Points.Keys.Single();
        var process = world.Start(NoFaults.Instance, machine: world.Machines[0]);
        _ = world.Simulation.Run(async () => await world.BackupAsync(process, world.Machines[0]));
        Assert.That(world.Ledger.TakeProblems(), Is.Empty);

        var first = world.Start(NoFaults.Instance, machine: world.Machines[0]);
        world.Ledger.BeginRun(first, world.Machines[0], world.Machines[0].Scratch.Files, newest: 2);
        _ = world.Simulation.Run(() => new ProcessVault(first, world.Vault).CreateAsync("packs/00/extra", new byte[100_000], CancellationToken.None).AsTask());
        world.Ledger.NoteCommit(first, point with { Number = 3 }, world.Points[point], world.Points[point]);

        Assert.That(world.Ledger.TakeProblems(), Has.One.StartsWith("budget: A#3 sent 100000 bytes"));
    }

    [Test]
    public void Scratch_ThatHeldMoreThanReported_IsFound()
    {
        var world = BackedUp();
        var process = world.Start(NoFaults.Instance, machine: world.Machines[0]);
        _ = world.Simulation.Run(async () => await world.BackupAsync(process, world.Machines[0]));

        world.Ledger.NoteReport(process, scratchPeakBytes: 100);

        Assert.That(world.Ledger.TakeProblems(), Has.One.EndsWith("reported were 100"));
    }

    [Test]
    public void State_ThatSaysAnotherThingThanTheVolume_IsFound()
    {
        var world = BackedUp();
        world.Machines[0].Volume.Write("docs/b.bin", 70_000, new byte[] { 1, 2 });

        var problems = world.Simulation.Run(() => RebuildOracle.CheckAsync(world, world.Machines[0]));

        Assert.That(problems, Has.One.Contains("kept in the scratch location"));
    }

    [Test]
    public void Verdicts_OfAVolumeMadeByHand_AreThoseOfTheDocuments()
    {
        var volume = new SimVolume(new VolumeSettings { Label = "hand" }, new SimClock());
        foreach (var name in new[] { "plain", "twice", "point", "optimized", "both", "holes", "secret", "streams" })
        {
            volume.CreateFile(name, 5000);
        }

        volume.CreateHardLink("twice2", "twice");
        volume.SetReparsePoint("point", 0x80005555, new byte[] { 1 });
        volume.SetReparsePoint("optimized", 0x80000013, new byte[] { 1 });
        volume.ForceState("both", StreamFlags.Encrypted | StreamFlags.Compressed);
        volume.ForceState("holes", StreamFlags.Encrypted | StreamFlags.Sparse);
        volume.Encrypt("secret");
        volume.CreateStream("streams:a", 100);
        volume.CreateStream("streams:b", 100);
        volume.SetSparse("streams:b");

        var (skipped, _, fullOnly) = ExpectedVerdicts.Of(volume);

        Assert.That(skipped, Is.EqualTo(new[]
        {
            "both encrypted-and-compressed file.encrypted-compressed",
            "holes encrypted-and-sparse file.encrypted-sparse",
            "optimized reparse-point file.deduplicated",
            "point reparse-point file.reparse-point",
            "streams:b sparse-stream stream.sparse",
            "twice hard-link file.hard-link",
            "twice2 hard-link file.hard-link",
        }));
        Assert.That(fullOnly, Is.EqualTo(new[] { "secret" }));
    }

    private static IEnumerable<string> Problems(SearchWorld world) => world.References.Problems(world.Commits().Select(world.CommitOf));

    private static SearchWorld BackedUp()
    {
        var world = new SearchWorld(seed: 5);
        SearchHistory.All[0].Edit(world.Machines[0].Volume, 0);
        _ = world.Simulation.Run(async () => await world.BackupAsync(world.Start(NoFaults.Instance, machine: world.Machines[0]), world.Machines[0]));
        return world;
    }
}
