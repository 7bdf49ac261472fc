using Harness.Engine.Errors;
using Harness.Simulator.Content;
using Harness.Tests.Engine.Damage;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Repair;

/// <summary>What a repair says is lost, what a full scan brings back, and that neither ever lowers what can be restored.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HealingTests
{
    private const int Points = 3;

    [Test]
    public async Task Repair_EachPackDamagedOrGone_ListsExactlyTheFilesThatCannotBeRestored([Values] bool isGone)
    {
        var rig = await RigAsync();
        var clean = rig.Store.Snapshot();
        var listed = 0;
        foreach (var pack in rig.Store.Names("packs/"))
        {
            Spoil(rig, pack, isGone);

            var report = await rig.RepairAsync();

            Assert.That(report.LostRecoveryPoints, Is.Empty);
            for (var point = 1; point <= Points; point++)
            {
                var (restored, _) = await rig.RestoreAsync(point);
                Assert.That(
                    report.LostFiles.Where(file => file.RecoveryPoints.Contains(point)).Select(file => file.Path),
                    Is.EquivalentTo(restored.Failed.Select(item => item.Path)),
                    $"{pack}, {point}");
                listed += restored.Failed.Count;
            }

            rig.Store.Restore(clean);
        }

        Assert.That(listed, Is.GreaterThan(Points));
    }

    [Test]
    public async Task Repair_ACommitOrManifestGone_ListsTheRecoveryPointsThatAreLostWhole()
    {
        var rig = await RigAsync();
        var clean = rig.Store.Snapshot();
        foreach (var name in rig.Store.Names("commits/").SkipLast(1).Concat(rig.Store.Names("manifests/")))
        {
            rig.Store.Corrupt(name, bytes => bytes[..^1]);

            var report = await rig.RepairAsync();

            var lost = new List<string>();
            for (var point = 1; point <= Points; point++)
            {
                if (await EveryKind.RestoreAsync(rig, point, name) is not null)
                {
                    lost.Add($"data#{point}");
                }
            }

            Assert.That(report.LostRecoveryPoints, Is.EqualTo(lost), name);
            Assert.That(lost, Is.Not.Empty);
            rig.Store.Restore(clean);
        }
    }

    [Test]
    public async Task Backup_FullScanAfterARepair_SendsWhatIsLostAgainAndOldPointsAreWhole([Values] bool isGone, [Values] bool isTracked)
    {
        var rig = await RigAsync();
        if (isTracked)
        {
            rig.ChangeTracking = new() { KeptSnapshots = 4 };
        }

        var clean = rig.Store.Snapshot();
        foreach (var pack in rig.Store.Names("packs/"))
        {
            rig.Scratch = new(1L << 40);
            Spoil(rig, pack, isGone);
            await rig.RepairAsync();

            var report = await rig.BackupAsync(request => request with { ForceScan = true });

            for (var point = 1; point <= Points; point++)
            {
                var (restored, _) = await rig.RestoreAsync(point);

                // Of the image, later points changed pages: what it was before is nowhere any more.
                Assert.That(restored.Failed.Select(item => item.Path), Is.SubsetOf(new[] { "image.vhd", "gone.bin" }), $"{pack}, {point}");
                Assert.That(await rig.DifferencesAsync(point), Is.Empty);
            }

            var (now, volume) = await rig.RestoreAsync(report.RecoveryPoint);
            Assert.That(now.Failed, Is.Empty, $"{pack}: {string.Join(", ", now.Failed.Select(item => item.Message))}");
            Assert.That(Harness.Simulator.Compare.VolumeComparer.Compare(rig.Volume.TakeSnapshot(), volume, new()), Is.Empty);
            var next = await rig.BackupAsync();
            Assert.That((await rig.RestoreAsync(next.RecoveryPoint)).Report.Failed, Is.Empty, pack);
            rig.Store.Restore(clean);
        }
    }

    [Test]
    public async Task Backup_WithoutAFullScan_DoesNotReadUnchangedFilesOfADamagedVault()
    {
        var rig = await RigAsync();
        Spoil(rig, rig.Store.Names("packs/")[0], isGone: false);
        await rig.RepairAsync();

        var report = await rig.BackupAsync();

        Assert.That(report.ReadBytes, Is.Zero);
    }

    /// <summary>One to four pieces of damage at random, none of them to the keys; then a repair, two prunes and a full scan.</summary>
    [Test]
    public async Task Repair_AfterRandomDamage_NeverLowersWhatCanBeRestored([Range(1, 24)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new SeededSequence((ulong)seed);
        var rig = await EveryKind.MakeAsync();
        var names = rig.Store.Names().Where(name => EveryKind.KindOf(name) is not ("repo" or "keys/")).ToList();
        var damage = new List<string>();
        for (var left = 1 + (int)random.Below(4); left > 0; left--)
        {
            var name = names[(int)random.Below(names.Count)];
            var how = random.Below(4);
            damage.Add($"{name}: {how}");
            var other = names[(int)random.Below(names.Count)];
            if (!rig.Store.Names().Contains(name) || !rig.Store.Names().Contains(other))
            {
                continue;
            }

            switch (how)
            {
                case 0:
                    rig.Store.Remove(name);
                    break;
                case 1:
                    rig.Store.Corrupt(name, bytes => bytes[..(int)random.Below(bytes.Length + 1)]);
                    break;
                case 2:
                    var bytes = rig.Store.Snapshot()[other];
                    rig.Store.Corrupt(name, _ => bytes);
                    break;
                default:
                    rig.Store.Corrupt(name, bytes => [.. bytes.Select((b, at) => at == bytes.Length / 2 ? (byte)(b ^ 4) : b)]);
                    break;
            }
        }

        var context = string.Join("; ", damage);
        var before = await RestorableAsync(rig, context);

        await TryAsync(async () => await rig.RepairAsync());
        Assert.That(await RestorableAsync(rig, context), Is.SupersetOf(before), $"repair after {context}");
        await TryAsync(async () => await rig.PruneAsync(0));
        await TryAsync(async () => await rig.PruneAsync(0));
        Assert.That(await RestorableAsync(rig, context), Is.SupersetOf(before), $"prune after {context}");
        await TryAsync(async () => await rig.BackupAsync(request => request with { ForceScan = true }));
        Assert.That(await RestorableAsync(rig, context), Is.SupersetOf(before), $"backup after {context}");
    }

    private static async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (BackupException error)
        {
            TestContext.Out.WriteLine($"{error.Code}: {error.Message}");
        }
    }

    /// <summary>Recovery point and path of each file that comes back, byte for byte.</summary>
    private static async Task<List<string>> RestorableAsync(EngineRig rig, string context)
    {
        var restorable = new List<string>();
        foreach (var point in EveryKind.Kept)
        {
            try
            {
                var (report, volume) = await rig.RestoreAsync(point);
                var lost = report.Failed.Select(item => item.Path).ToHashSet();
                var differences = Harness.Simulator.Compare.VolumeComparer.Compare(
                    rig.Snapshots[(int)point - 1], volume, new() { LeftOut = [.. lost] });
                Assert.That(differences, Is.Empty, $"{context}: recovery point {point}");
                restorable.AddRange(rig.Snapshots[(int)point - 1].Walk().Where(entry => !lost.Contains(entry.Path)).Select(entry => $"{point} {entry.Path}"));
            }
            catch (BackupException)
            {
                // Nothing of it comes back.
            }
        }

        return restorable;
    }

    private static void Spoil(EngineRig rig, string pack, bool isGone)
    {
        if (isGone)
        {
            rig.Store.Remove(pack);
        }
        else
        {
            rig.Store.Corrupt(pack, bytes => [.. bytes.Select(b => (byte)(b ^ 1))]);
        }
    }

    /// <summary>Files that stay, one that is gone from the source, an encrypted one, and an image with changed pages; all settled.</summary>
    private static async Task<EngineRig> RigAsync()
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        rig.Volume.CreateDirectory("folder");
        rig.Volume.CreateFile("folder/stays.bin", 300_000, seed: 1);
        rig.Volume.CreateFile("long.bin", 1_500_000, seed: 2);
        rig.Volume.CreateFile("small", 700, seed: 3);
        rig.Volume.CreateFile("secret.bin", 90_000, seed: 4);
        rig.Volume.Encrypt("secret.bin");
        rig.Volume.CreateFile("gone.bin", 70_000, seed: 5);
        rig.Volume.CreateFile("image.vhd", 400_000, seed: 6);
        await rig.BackupAsync();
        rig.Volume.Delete("gone.bin");
        for (var i = 2; i <= Points; i++)
        {
            rig.Volume.WriteGenerated("image.vhd", 4096 * i, 4096, (ulong)i + 40);
            rig.Volume.CreateFile($"new {i}", 5000, seed: (ulong)i + 60);
            await rig.BackupAsync();
        }

        return rig;
    }
}
