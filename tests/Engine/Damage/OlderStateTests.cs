using Harness.Engine.Errors;
using Harness.Simulator.Vaults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Damage;

/// <summary>Blobs, or a whole vault, brought back from an older state: noticed where it matters, and nothing is lost by it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class OlderStateTests
{
    [TestCase(1)]
    [TestCase(3)]
    public async Task Backup_VaultBroughtBackAndWrittenOnByAnother_IsRefused(int pointsOfTheOther)
    {
        var rig = await PointsAsync(3);
        var other = OtherOn(rig);
        for (var i = 0; i < pointsOfTheOther; i++)
        {
            other.Volume.CreateFile($"other {i}", 5000, seed: (ulong)i + 70);
            await other.BackupAsync();
        }

        await AddPointAsync(rig, 4);
        rig.Store.Restore(other.Store.Snapshot());
        var before = rig.Store.Snapshot();

        var error = await BackupErrors.ExpectAsync(ErrorCode.VaultRolledBack, () => AddPointAsync(rig, 5));

        Assert.That(error.Message, Does.Contain("4").And.Contain("'data'"));
        Assert.That(rig.Store.Snapshot(), Is.EqualTo(before));
    }

    [Test]
    public async Task Check_ACommitReplayedFromAnotherHistory_NamesItAndTheOthersAreRestored()
    {
        var rig = await PointsAsync(3);
        var other = OtherOn(rig);
        other.Volume.CreateFile("other", 5000, seed: 70);
        await other.BackupAsync();
        await AddPointAsync(rig, 4);
        await AddPointAsync(rig, 5);
        var commit = rig.Store.Names("commits/")[3];
        rig.Store.Corrupt(commit, _ => other.Store.Snapshot()[commit]);

        var check = await rig.CheckAsync();

        Assert.That(check.Findings.Select(finding => finding.Blob), Does.Contain(commit));
        Assert.That(await EveryKind.RestoreAsync(rig, 5, "replayed commit"), Does.Contain(commit));
        for (var point = 1; point <= 3; point++)
        {
            Assert.That(await rig.DifferencesAsync(point), Is.Empty);
        }
    }

    [Test]
    public async Task Backup_NewestCommitReplayedFromAnotherHistory_IsRefused()
    {
        var rig = await PointsAsync(3);
        var other = OtherOn(rig);
        await AddPointAsync(other, 4);
        await AddPointAsync(rig, 4);
        var commit = rig.Store.Names("commits/")[^1];
        rig.Store.Corrupt(commit, _ => other.Store.Snapshot()[commit]);

        await BackupErrors.ExpectAsync(ErrorCode.VaultRolledBack, () => rig.BackupAsync());
    }

    [Test]
    public async Task Prune_AnOlderGcStateIsBack_LosesNothing()
    {
        var rig = await EveryKind.MakeAsync();
        await rig.PruneAsync(breakSession: rig.Store.Names("sessions/").Single());
        var older = rig.Store.Snapshot();
        await rig.ForgetAsync(3);
        rig.Clock.Advance(TimeSpan.FromDays(20));
        for (var i = 0; i < 3; i++)
        {
            await rig.PruneAsync(maxUnusedPercent: 0);
        }

        Assert.That(rig.Store.Names("gc/"), Is.Not.EqualTo(older.Keys.Where(name => name.StartsWith("gc/", StringComparison.Ordinal))));
        foreach (var name in rig.Store.Names("gc/"))
        {
            rig.Store.Remove(name);
        }

        Bring(rig, older.Where(blob => blob.Key.StartsWith("gc/", StringComparison.Ordinal)));

        await AssertGoesOnAsync(rig, "older gc", 5, 6);
    }

    /// <summary>As a storage account's own undelete does it.</summary>
    [Test]
    public async Task Prune_RemovedBlobsAreBack_LosesNothing([Values] bool all)
    {
        var rig = await EveryKind.MakeAsync();
        await rig.ForgetAsync(3);
        var older = rig.Store.Snapshot();
        await rig.UndeleteAsync(3);
        await rig.PruneAsync(breakSession: rig.Store.Names("sessions/").Single());
        rig.Clock.Advance(TimeSpan.FromDays(20));
        for (var i = 0; i < 3; i++)
        {
            await rig.PruneAsync(maxUnusedPercent: 0);
        }

        var clean = rig.Store.Snapshot();
        var removed = older.Where(blob => !clean.ContainsKey(blob.Key)).ToList();
        Assert.That(
            removed.Select(blob => EveryKind.KindOf(blob.Key)).Distinct(),
            Is.SupersetOf(new[] { "packs/", "index/", "deleted/", "gc/", "sessions/" }));
        foreach (var back in all ? [removed] : removed.Select(blob => new List<KeyValuePair<string, byte[]>> { blob }))
        {
            rig.Store.Restore(clean);
            rig.Scratch = new(1L << 40);
            Bring(rig, back);
            await AssertGoesOnAsync(rig, $"back is {string.Join(", ", back.Select(blob => blob.Key))}", EveryKind.Kept);
        }
    }

    /// <summary>Of recovery points that no other rests on, commits and manifests go too.</summary>
    [Test]
    public async Task Prune_CommitsAndManifestsOfPointsThatAreGoneAreBack_LosesNothing([Values] bool all)
    {
        var rig = await PointsAsync(20);
        await rig.ForgetAsync([.. Enumerable.Range(1, 16).Select(point => (long)point)]);
        var older = rig.Store.Snapshot();
        rig.Clock.Advance(TimeSpan.FromDays(20));
        for (var i = 0; i < 3; i++)
        {
            await rig.PruneAsync(maxUnusedPercent: 0);
        }

        var clean = rig.Store.Snapshot();
        var removed = older.Where(blob => !clean.ContainsKey(blob.Key)).ToList();
        Assert.That(
            removed.Select(blob => EveryKind.KindOf(blob.Key)).Distinct(),
            Is.EquivalentTo(new[] { "manifests/", "commits/", "deleted/" }));
        var each = removed.DistinctBy(blob => EveryKind.KindOf(blob.Key)).Concat(removed.Where(blob => blob.Key.StartsWith("commits/", StringComparison.Ordinal)));
        foreach (var back in all ? [removed] : each.Select(blob => new List<KeyValuePair<string, byte[]>> { blob }))
        {
            rig.Store.Restore(clean);
            rig.Scratch = new(1L << 40);
            Bring(rig, back);
            await AssertRestorableAsync(rig, $"back is {string.Join(", ", back.Select(blob => blob.Key))}", [17, 18, 19, 20]);
            for (var i = 0; i < 3; i++)
            {
                await rig.PruneAsync(maxUnusedPercent: 0);
                await AssertRestorableAsync(rig, $"{i}: back was {string.Join(", ", back.Select(blob => blob.Key))}", [17, 18, 19, 20]);
            }

            Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
        }
    }

    [Test]
    public async Task Prune_AReplayedMarkerOfAnUndeletedPoint_KeepsThePoint([Values(1, 2, 3)] int rounds)
    {
        var rig = await PointsAsync(3);
        var older = new Dictionary<string, byte[]>();
        for (var i = 0; i < rounds; i++)
        {
            await rig.ForgetAsync(2);
            Remember();
            await rig.UndeleteAsync(2);
            Remember();
        }

        Assert.That(rig.Store.Names("deleted/"), Has.Count.EqualTo(1));
        Bring(rig, older.Where(blob => blob.Key.StartsWith("deleted/", StringComparison.Ordinal) && !rig.Store.Names().Contains(blob.Key)));
        Assert.That(rig.Store.Names("deleted/"), Has.Count.EqualTo(2 * rounds));

        Assert.That((await rig.RecoveryPointsAsync()).Select(point => point.RecoveryPoint), Is.EqualTo(new[] { 1, 2, 3 }));
        rig.Clock.Advance(TimeSpan.FromDays(20));
        for (var i = 0; i < 3; i++)
        {
            Assert.That((await rig.PruneAsync(maxUnusedPercent: 0)).RecoveryPointsGone, Is.Zero);
        }

        await rig.AssertAllWellAsync();

        void Remember()
        {
            foreach (var (name, bytes) in rig.Store.Snapshot())
            {
                older[name] = bytes;
            }
        }
    }

    [Test]
    public async Task Forget_AReplayedUndeletion_DoesNotBringThePointBack()
    {
        var rig = await PointsAsync(3);
        await rig.ForgetAsync(2);
        await rig.UndeleteAsync(2);
        var undeletion = rig.Store.Names("deleted/").Single();
        var older = rig.Store.Snapshot()[undeletion];
        await rig.ForgetAsync(2);
        rig.Store.Remove(undeletion);
        Bring(rig, [new(undeletion, older)]);

        Assert.That((await rig.RecoveryPointsAsync()).Select(point => point.RecoveryPoint), Is.EqualTo(new[] { 1, 3 }));
    }

    [Test]
    public async Task Prune_AMarkerReplayedFromAnotherHistory_TakesNothingAndIsNamed()
    {
        var rig = await PointsAsync(3);
        var other = OtherOn(rig);
        await AddPointAsync(other, 5);
        await AddPointAsync(other, 6);
        await other.ForgetAsync(4);
        await AddPointAsync(rig, 4);
        await AddPointAsync(rig, 5);
        var marker = other.Store.Names("deleted/").Single();
        Bring(rig, [new(marker, other.Store.Snapshot()[marker])]);
        rig.Clock.Advance(TimeSpan.FromDays(20));

        for (var i = 0; i < 3; i++)
        {
            Assert.That((await rig.PruneAsync(maxUnusedPercent: 0)).RecoveryPointsGone, Is.Zero);
        }

        Assert.That((await rig.CheckAsync()).Findings.Select(finding => finding.Blob), Is.EqualTo(new[] { marker }));
        await rig.UndeleteAsync(4);
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Check_TheMarkerOfAPointThatIsGoneIsRemoved_SaysWhatThePointLacks()
    {
        var rig = await EveryKind.MakeAsync();
        await rig.PruneAsync(0, breakSession: rig.Store.Names("sessions/").Single());
        await rig.PruneAsync(0);
        await rig.PruneAsync(0);
        var marker = rig.Store.Names("deleted/")[1];
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
        rig.Store.Remove(marker);

        var check = await rig.CheckAsync();

        Assert.That(check.Findings.SelectMany(finding => finding.RecoveryPoints), Does.Contain("data#2"));
        Assert.That(await EveryKind.RestoreAsync(rig, 2, "gone point"), Does.Contain("file 2"));
        await AssertGoesOnAsync(rig, "marker gone", EveryKind.Kept, isClean: false);
    }

    private static async Task<EngineRig> PointsAsync(int count)
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        for (var i = 1; i <= count; i++)
        {
            await AddPointAsync(rig, i);
        }

        return rig;
    }

    private static async Task AddPointAsync(EngineRig rig, int number)
    {
        rig.Volume.CreateFile($"file {number}", 4000 + number, seed: (ulong)number);
        await rig.BackupAsync();
    }

    /// <summary>Another machine that goes on with a copy of the vault.</summary>
    private static EngineRig OtherOn(EngineRig rig)
    {
        var store = new MemoryVaultStore();
        store.Restore(rig.Store.Snapshot());
        return new EngineRig(seed: 88, store: store) { Parameters = rig.Parameters };
    }

    private static void Bring(EngineRig rig, IEnumerable<KeyValuePair<string, byte[]>> blobs)
    {
        var all = rig.Store.Snapshot();
        foreach (var (name, bytes) in blobs)
        {
            all[name] = bytes;
        }

        rig.Store.Restore(all);
    }

    private static Task AssertGoesOnAsync(EngineRig rig, string context, params long[] points) =>
        AssertGoesOnAsync(rig, context, points, isClean: true);

    private static async Task AssertGoesOnAsync(EngineRig rig, string context, long[] points, bool isClean)
    {
        await AssertRestorableAsync(rig, context, points);
        for (var i = 0; i < 3; i++)
        {
            await rig.PruneAsync(maxUnusedPercent: 0);
            await AssertRestorableAsync(rig, $"{context}, prune {i}", points);
        }

        rig.Volume.AppendGenerated("stays.bin", 3000, seed: 500);
        var report = await rig.BackupAsync();
        var (restored, volume) = await rig.RestoreAsync(report.RecoveryPoint);
        Assert.That(restored.Failed, Is.Empty, context);
        Assert.That(
            Harness.Simulator.Compare.VolumeComparer.Compare(rig.Volume.TakeSnapshot(), volume, new()), Is.Empty, context);
        Assert.That((await rig.CheckAsync()).Findings, isClean ? Is.Empty : Is.Not.Null, context);
    }

    private static async Task AssertRestorableAsync(EngineRig rig, string context, long[] points)
    {
        foreach (var point in points)
        {
            Assert.That(await EveryKind.RestoreAsync(rig, point, context), Is.Null, context);
        }
    }
}
