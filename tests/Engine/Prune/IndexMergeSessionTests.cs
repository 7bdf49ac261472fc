using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Simulator.Vaults;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Prune;

/// <summary>Index blobs are put into one under the session of the run alone, and without packs that are about to go.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class IndexMergeSessionTests
{
    [Test]
    public async Task Merge_SessionWasTakenAwayAfterTheCommit_WritesNothing()
    {
        var rig = await RigAsync();
        var indexes = rig.Store.Names("index/");
        rig.WrapNextVault(vault => new InterposingVault(vault, (VaultCall call) => TakeSessionAwayAsync(rig, call is { Operation: "read", Name: ['i', ..] })));

        await AddPointAsync(rig, 900);

        Assert.That(rig.Store.Names("sessions/"), Is.Empty);
        Assert.That(rig.Store.Names("index/").Except(indexes).Count(), Is.EqualTo(1), "that of the run itself");
        Assert.That(rig.Store.Names("index/"), Is.SupersetOf(indexes));
    }

    [Test]
    public async Task Merge_SessionWasTakenAwayWhileItWrites_RemovesNothing()
    {
        var rig = await RigAsync();
        var indexes = rig.Store.Names("index/");
        var points = rig.Store.Names("commits/").Count;
        rig.WrapNextVault(vault => new InterposingVault(vault, (VaultCall call) =>
            TakeSessionAwayAsync(rig, call is { Operation: "create", Name: ['i', ..] } && rig.Store.Names("commits/").Count > points)));

        await AddPointAsync(rig, 900);

        Assert.That(rig.Store.Names("index/").Except(indexes).Count(), Is.EqualTo(2), "that of the run, and the merged one");
        Assert.That(rig.Store.Names("index/"), Is.SupersetOf(indexes));
    }

    [Test]
    public async Task Merge_APackIsCondemned_LeavesTheIndexThatNamesIt()
    {
        var rig = await RigAsync(deletes: ["f3", "f4"]);
        var condemning = await IndexesOfTheirPacksAsync(rig, 3, 4);
        await rig.ForgetAsync([.. Enumerable.Range(1, IndexMerge.LeastBlobs - 1).Select(point => (long)point)]);
        rig.Clock.Advance(TimeSpan.FromDays(20));
        var condemned = (await rig.PruneAsync(maxUnusedPercent: 100)).CondemnedPacks;
        var indexes = rig.Store.Names("index/");

        await AddPointAsync(rig, 900);

        Assert.That(condemned, Is.EqualTo(2));
        Assert.That(indexes.Except(rig.Store.Names("index/")).Count(), Is.GreaterThan(10), "merged");
        Assert.That(rig.Store.Names("index/"), Is.SupersetOf(condemning));
    }

    private static ValueTask TakeSessionAwayAsync(EngineRig rig, bool isNow)
    {
        if (isNow && rig.Store.Names("sessions/") is [var session, ..])
        {
            rig.Store.Remove(session);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>One run more will merge. Files that are deleted are so in the last recovery point.</summary>
    private static async Task<EngineRig> RigAsync(params string[] deletes)
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        for (var i = 0; i < IndexMerge.LeastBlobs; i++)
        {
            if (i == IndexMerge.LeastBlobs - 1)
            {
                deletes.ToList().ForEach(name => rig.Volume.Delete(name));
            }

            await AddPointAsync(rig, i);
        }

        return rig;
    }

    private static async Task AddPointAsync(EngineRig rig, int number)
    {
        rig.Volume.CreateFile($"f{number}", 3000, seed: (ulong)number + 1000);
        await rig.BackupAsync();
    }

    /// <summary>Index blobs that name the packs of some recovery points, each of which has one of its own.</summary>
    private static async Task<IReadOnlyList<string>> IndexesOfTheirPacksAsync(EngineRig rig, params int[] numbers)
    {
        var repository = await RepositoryOpener.OpenAsync(new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), default);
        var log = new CommitLog(repository);
        var source = rig.Store.Names("commits/")[0].Split('/')[1];
        var names = new List<string>();
        foreach (var number in numbers)
        {
            var commit = await log.ReadAsync(source, number + 1, default);
            names.AddRange(commit.Document.Indexes.Select(hash => BlobNames.Index(Hash256.Parse(hash)!.Value)));
        }

        return names;
    }
}
