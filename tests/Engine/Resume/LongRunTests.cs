using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Simulator.Vaults;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Resume;

/// <summary>A run so long that it writes index blobs on its way: cut off around each of them, and at each call to its scratch location.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LongRunTests
{
    private const int Files = 24;
    private const int FileBytes = 20_000;
    private const int SegmentsPerIndex = 6;
    private const int MostCalls = 2_000;

    [Test]
    public async Task Backup_ManySegments_WritesIndexBlobsOnItsWay()
    {
        var rig = Rig();

        await rig.BackupAsync(Long);

        Assert.That(rig.Store.Names("index/"), Has.Count.GreaterThan(2));
        await rig.AssertAllWellAsync();
        Assert.That((await rig.CheckAsync()).Unreferenced, Is.Empty);
    }

    /// <summary>What the run forgets once an index names it must be named: packs under way too.</summary>
    [Test]
    public async Task Backup_EachFileTwiceAroundIndexBlobsOnItsWay_SendsNothingTwice()
    {
        var rig = Rig();
        for (var i = 0; i < Files; i++)
        {
            rig.Volume.CreateFile($"f{i:D2} copy", FileBytes, seed: (ulong)i + 1);
        }

        await rig.BackupAsync(Long);

        Assert.That(rig.Store.Names("index/"), Has.Count.GreaterThan(2));
        Assert.That(await SegmentsOfAllPacksAsync(rig), Is.Unique);
    }

    [Test]
    public async Task Backup_KilledAroundAnIndexBlobOnItsWay_SendsNothingTwice(
        [Values] bool isScratchLost, [Values] bool isPruned)
    {
        var met = 0;
        for (var lives = 8; lives < MostCalls; lives += 2)
        {
            var rig = Rig();
            var isDone = await KillAsync(rig, lives);
            if (isDone)
            {
                Assert.That(met, Is.GreaterThan(4));
                return;
            }

            met += rig.Store.Names("index/").Count > 0 && rig.Store.Names("commits/").Count == 0 ? 1 : 0;
            if (isScratchLost)
            {
                rig.Scratch = new(1L << 40);
            }

            if (isPruned && rig.Store.Names("repo").Count > 0)
            {
                await rig.PruneAsync();
                await rig.PruneAsync();
            }

            CountingSource? source = null;
            rig.WrapSource = inner => source = new CountingSource(inner);
            await rig.BackupAsync(Long);

            var context = $"killed after call {lives}";
            await rig.AssertAllWellAsync(context);
            if (!isPruned)
            {
                // A prune condemns what no checkpoint names yet.
                Assert.That(await SegmentsOfAllPacksAsync(rig), Is.Unique, context);
                Assert.That((await rig.CheckAsync()).Unreferenced, Is.Empty, context);
            }
        }

        Assert.Fail("The run never ended.");
    }

    /// <summary>So a run goes on in as much memory after a thousand index blobs as after one.</summary>
    [Test]
    public async Task Backup_KilledAfterManyIndexBlobs_AsksOnlyForPacksThatNoneOfThemNames()
    {
        var whole = Rig();
        var all = new DyingVault(int.MaxValue);
        whole.WrapVault = all.Wrap;
        await whole.BackupAsync(Long);
        var rig = whole;
        for (var lives = all.Calls; rig.Store.Names("commits/").Count > 0; lives -= 2)
        {
            rig = Rig();
            await KillAsync(rig, lives);
        }

        var packs = rig.Store.Names("packs/").Count;
        Assert.That(packs, Is.GreaterThan(5), "of three segments or so, where an index blob has six");
        AskingVault? vault = null;
        rig.WrapVault = inner => vault = new AskingVault(inner);

        var report = await rig.BackupAsync(Long);

        Assert.That(vault!.PacksAskedFor, Is.LessThanOrEqualTo(2));
        Assert.That(
            report.Warnings.Single(note => note.Code == "run-resumed").Message, Does.Contain($"had sent {packs} packs"));
        await rig.AssertAllWellAsync();
    }

    /// <summary>What the run had put there stays; from one call on nothing more gets there, and the run ends or goes on without.</summary>
    [Test]
    public async Task Backup_KilledAtEachCallToItsScratchLocation_SendsNothingTwiceAndReadsWhatWasNotPacked()
    {
        var killed = 0;
        for (var lives = 1; lives < MostCalls; lives += 5)
        {
            var rig = Rig();
            var calls = 0;
            rig.WrapScratch = scratch => new FaultyScratch(scratch, (_, _, _) => ++calls > lives ? ErrorCode.ScratchNotWritable : null);
            var isCommitted = await TryAsync(rig);
            rig.WrapScratch = static scratch => scratch;
            if (calls <= lives)
            {
                Assert.That(killed, Is.GreaterThan(5));
                return;
            }

            var context = $"killed after call {lives}";
            killed += isCommitted ? 0 : 1;
            var sent = rig.Store.Snapshot().Where(blob => blob.Key.StartsWith("packs/", StringComparison.Ordinal)).Sum(blob => (long)blob.Value.Length);
            CountingSource? source = null;
            rig.WrapSource = inner => source = new CountingSource(inner);
            await rig.BackupAsync(Long);

            Assert.That(await SegmentsOfAllPacksAsync(rig), Is.Unique, context);
            if (!isCommitted)
            {
                // The pack that was being filled and those whose upload nobody noted.
                Assert.That(source!.ReadBytes, Is.LessThanOrEqualTo((Files * FileBytes) - sent + (5 * (64 << 10))), context);
            }

            await rig.AssertAllWellAsync(context);
        }

        Assert.Fail("The run never ended.");
    }

    private static BackupRequest Long(BackupRequest request) => request with
    {
        Options = request.Options with { SegmentsPerIndex = SegmentsPerIndex, PacksPerCheckpoint = 1 },
    };

    private static EngineRig Rig()
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        for (var i = 0; i < Files; i++)
        {
            rig.Volume.CreateFile($"f{i:D2}", FileBytes, seed: (ulong)i + 1);
        }

        return rig;
    }

    /// <summary>Whether the run came to its end before its calls were up.</summary>
    private static async Task<bool> KillAsync(EngineRig rig, int lives)
    {
        var vault = new DyingVault(lives);
        rig.WrapVault = vault.Wrap;
        _ = await TryAsync(rig);
        rig.WrapVault = static vault => vault;
        return vault.Calls <= lives;
    }

    private static async Task<bool> TryAsync(EngineRig rig)
    {
        try
        {
            await rig.BackupAsync(Long);
            return true;
        }
        catch (BackupException)
        {
            return false;
        }
    }

    private static async Task<IReadOnlyList<Hash256>> SegmentsOfAllPacksAsync(EngineRig rig)
    {
        var repository = await RepositoryOpener.OpenAsync(new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), default);
        var segments = new List<Hash256>();
        foreach (var (_, pack) in rig.Store.Snapshot().Where(blob => blob.Key.StartsWith("packs/", StringComparison.Ordinal)))
        {
            using var reader = PackReader.FromHeader(repository.Keys, pack);
            segments.AddRange(reader.ReadFooter(pack).Select(segment => segment.Id));
        }

        return segments;
    }

    /// <summary>Counts the packs whose length is asked for, as a run does that goes on from them.</summary>
    private sealed class AskingVault(IVault inner) : DelegatingVault(inner)
    {
        public int PacksAskedFor { get; private set; }

        public override ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
        {
            PacksAskedFor += name.StartsWith("packs/", StringComparison.Ordinal) ? 1 : 0;
            return base.GetLengthAsync(name, cancellationToken);
        }
    }
}
