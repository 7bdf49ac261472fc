using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Prune;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Prune;

/// <summary>Small index blobs are put into one: lists stay short, nothing is lost by it whenever it is cut off, and others go on beside it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class IndexMergeTests
{
    private const int MostCalls = 500;

    [Test]
    public async Task Backup_ManyRuns_KeepsFewIndexBlobsAndSendsLittleForIt()
    {
        const int runs = 120;
        var rig = await RigAsync(0);
        var (most, sent) = (0, 0L);
        for (var run = 0; run < runs; run++)
        {
            var report = await AddPointAsync(rig, run);
            most = Math.Max(most, rig.Store.Names("index/").Count);
            sent += report.SentBytes - 3000;
        }

        TestContext.Out.WriteLine($"{most} index blobs at most, {sent / runs} bytes a run beside content");
        Assert.That(most, Is.LessThan(2 * IndexMerge.LeastBlobs));
        Assert.That(sent / runs, Is.LessThan(6000));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_MergedByAnotherMachine_TakesInWhatIsNewAndReadsNothingAgain()
    {
        var rig = await RigAsync(12);
        var other = new EngineRig(seed: 7, store: rig.Store) { Parameters = rig.Parameters, SourceName = "other" };
        other.Volume.CreateFile("x", 3000, seed: 700);
        await other.BackupAsync(request => request with { SourceName = "other" });
        for (var run = 0; run < 8; run++)
        {
            await AddPointAsync(rig, 100 + run);
        }

        Assert.That(rig.Store.Names("index/"), Has.Count.LessThan(IndexMerge.LeastBlobs));
        var reads = new List<string>();
        other.WrapVault = vault => new FaultyVault(vault, call =>
        {
            if (call.Operation == "read" && call.Name.StartsWith("index/", StringComparison.Ordinal))
            {
                reads.Add(call.Name);
            }

            return null;
        });

        // The content of the other source is not sent again, though its index blob was merged away.
        other.Volume.CreateFile("copy of an old one", 3000, seed: 1000);
        var report = await other.BackupAsync(request => request with { SourceName = "other" });

        Assert.That(report.StoredBytes, Is.LessThan(3000));
        Assert.That(reads, Is.Unique);
        Assert.That(reads.Select(name => rig.Store.Snapshot()[name].Length), Has.All.GreaterThan(0));
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
    }

    [Test]
    public async Task Backup_KilledAtEachCallOfARunThatMerges_LosesNothing([Values(VaultFault.Before, VaultFault.After)] VaultFault fault)
    {
        var template = await MergingRigAsync();
        var clean = template.Store.Snapshot();
        var names = template.Store.Names("index/");
        var merged = 0;
        for (var number = 0; number < MostCalls; number++)
        {
            var rig = await MergingRigAsync();
            rig.Store.Restore(clean);
            var calls = 0;
            rig.WrapVault = vault => new FaultyVault(vault, call => calls++ >= number ? fault : null);
            BackupException? error = null;
            try
            {
                await AddPointAsync(rig, 900);
            }
            catch (BackupException caught)
            {
                error = caught;
            }

            rig.WrapVault = static vault => vault;
            merged += rig.Store.Names("index/").Except(names).Any() && !names.All(rig.Store.Names("index/").Contains) ? 1 : 0;
            Assert.That((await rig.CheckAsync()).Findings, Is.Empty, $"call {number}: {error}");
            if (calls <= number)
            {
                Assert.That(merged, Is.GreaterThan(3));
                return;
            }

            await AddPointAsync(rig, 901);
            Assert.That((await rig.CheckAsync()).Findings, Is.Empty, $"after call {number}");
        }

        Assert.Fail("The run never ended without a fault.");
    }

    [TestCase("prune")]
    [TestCase("check")]
    [TestCase("restore")]
    public async Task Job_BesideARunThatMerges_IsNotDisturbed(string job)
    {
        for (var number = 0; number < MostCalls; number++)
        {
            var rig = await MergingRigAsync();
            await rig.ForgetAsync(1, 2);
            rig.Clock.Advance(TimeSpan.FromDays(20));
            var calls = 0;
            var isBeside = false;
            rig.WrapVault = vault => isBeside ? vault : new InterposingVault(vault, async call =>
            {
                calls = Math.Max(calls, call);
                if (call == number)
                {
                    isBeside = true;
                    await AddPointAsync(rig, 900);
                }
            });
            switch (job)
            {
                case "prune":
                    await rig.PruneAsync(maxUnusedPercent: 0);
                    break;
                case "check":
                    Assert.That((await rig.CheckAsync()).Findings, Is.Empty, $"call {number}");
                    break;
                default:
                    Assert.That(await rig.DifferencesAsync(15), Is.Empty, $"call {number}");
                    break;
            }

            rig.WrapVault = static vault => vault;
            await rig.PruneAsync(maxUnusedPercent: 0);
            await rig.PruneAsync(maxUnusedPercent: 0);
            Assert.That((await rig.CheckAsync()).Findings, Is.Empty, $"after call {number}");
            if (calls < number)
            {
                return;
            }
        }

        Assert.Fail("The job never ended.");
    }

    [Test]
    public void Choose_Blobs_TakesTheSmallestOfLikeLengthWithinTheBudget()
    {
        Assert.That(Chosen(20, 300, 300, 300, 300), Is.EqualTo(0));
        Assert.That(Chosen(64 << 10, 300, 300, 500, 2300), Is.EqualTo(3));
        Assert.That(Chosen(64 << 10, 300, 300, 500, 2100), Is.EqualTo(4));
        Assert.That(Chosen(1000, 300, 300, 300, 300), Is.EqualTo(3));
    }

    private static int Chosen(long budgetBytes, params long[] lengths) =>
        IndexMerge.Choose([.. lengths.Select((length, i) => (Hash256.Of([(byte)i]), length))], budgetBytes).Count;

    /// <summary>One run more will merge.</summary>
    private static Task<EngineRig> MergingRigAsync() => RigAsync(IndexMerge.LeastBlobs);

    private static async Task<EngineRig> RigAsync(int points)
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        for (var i = 0; i < points; i++)
        {
            await AddPointAsync(rig, i);
        }

        return rig;
    }

    private static async Task<Harness.Engine.Backup.BackupReport> AddPointAsync(EngineRig rig, int number)
    {
        rig.Volume.CreateFile($"f{number}", 3000, seed: (ulong)number + 1000);
        return await rig.BackupAsync();
    }
}
