using Harness.Engine.Errors;
using Harness.Simulator.Snapshots;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>Runs that go on where one before them was cut off.</summary>
[Parallelizable]
public sealed class ResumeTests
{
    private const int Files = 40;
    private const int FileBytes = 100_000;

    [Test]
    public async Task Backup_CutOffAtAnyRead_SendsAndReadsNothingThatWasPackedAgain([Values(5, 17, 33)] int opened, [Values] bool isFirst)
    {
        var rig = await RigAsync(isFirst);
        await CutOffAsync(rig, opened);
        var sentBefore = rig.Store.Names("packs/").ToHashSet(StringComparer.Ordinal);
        var reads = new HashSet<string>(StringComparer.Ordinal);
        rig.Faults.Hook = call =>
        {
            if (call.Operation == SimVolumeOperation.Open)
            {
                reads.Add(call.Path);
            }

            return null;
        };

        var report = await rig.BackupAsync();

        Assert.That(reads, Has.Count.EqualTo(Files - opened));
        Assert.That(report.Warnings.Select(note => note.Code), Does.Contain("run-resumed"));
        Assert.That(rig.Store.Names("packs/"), Is.SupersetOf(sentBefore));
        Assert.That(report.StoredBytes, Is.LessThanOrEqualTo(((Files - opened) * (long)FileBytes) + 20_000));
        await rig.AssertAllWellAsync();
        Assert.That((await rig.CheckAsync()).Unreferenced, Is.Empty);
    }

    [Test]
    public async Task Backup_FilesChangedAfterTheCut_AreReadAgain()
    {
        var rig = await RigAsync(isFirst: true);
        await CutOffAsync(rig, 30);
        rig.Volume.Write("f00.bin", 10, [1, 2, 3]);
        rig.Volume.Delete("f01.bin");
        rig.Volume.Rename("f02.bin", "renamed.bin");

        _ = await rig.BackupAsync();

        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_CutOffAgainAndAgain_EndsAndLosesNothing()
    {
        var rig = await RigAsync(isFirst: true);
        for (var opened = 3; opened < 40; opened += 6)
        {
            await CutOffAsync(rig, 4);
            rig.Volume.Append($"f{opened:D2}.bin", [9]);
        }

        _ = await rig.BackupAsync();
        _ = await rig.BackupAsync();

        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_PacksOfTheCutOffRunGone_SendsThemAgain()
    {
        var rig = await RigAsync(isFirst: false);
        await CutOffAsync(rig, 30);
        foreach (var pack in rig.Store.Names("packs/").Skip(1).ToList())
        {
            rig.Store.Remove(pack);
        }

        _ = await rig.BackupAsync();

        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
    }

    [Test]
    public async Task Backup_RunLogDamagedAnywhere_LosesNothing([Range(0, 20)] int part)
    {
        var rig = await RigAsync(isFirst: true);
        await CutOffAsync(rig, 30);
        var log = (await rig.Scratch.ListAsync(CancellationToken.None)).Single(name => name.EndsWith("-run", StringComparison.Ordinal));
        var length = (await rig.Scratch.GetLengthAsync(log, CancellationToken.None))!.Value;
        rig.Scratch.Flip(log, length * 8 * part / 21 / 8);

        _ = await rig.BackupAsync();

        await rig.AssertAllWellAsync();
    }

    private static async Task<EngineRig> RigAsync(bool isFirst)
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 150_000 } };
        if (!isFirst)
        {
            rig.Volume.CreateFile("older.bin", 5000);
            _ = await rig.BackupAsync();
        }

        for (var i = 0; i < Files; i++)
        {
            rig.Volume.CreateFile($"f{i:D2}.bin", FileBytes, seed: (ulong)i);
        }

        return rig;
    }

    /// <summary>Runs a backup that ends when a number of files were opened, without a chance to tidy up in the scratch location.</summary>
    private static async Task CutOffAsync(EngineRig rig, int opened)
    {
        var left = opened;
        rig.Faults.Hook = call =>
        {
            rig.Faults.IsSourceGone |= call.Operation == SimVolumeOperation.Open && --left < 0;
            return null;
        };
        Assert.That(async () => await rig.BackupAsync(), Throws.TypeOf<BackupException>());
        rig.Faults.Hook = null;
        rig.Faults.IsSourceGone = false;
    }
}
