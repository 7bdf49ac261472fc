using Harness.Engine.Ports;
using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Repositories;
using Harness.Engine.State;
using Harness.Simulator.Kernel;
using Harness.Simulator.Scratch;
using Harness.Simulator.Vaults;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Resume;

/// <summary>Checkpoints in the vault, beside prunes, damage and other runs.</summary>
[Parallelizable]
public sealed class CheckpointTests
{
    private const int Files = 30;
    private const int FileBytes = 70_000;

    [Test]
    public async Task Prune_AfterAKilledRun_HoldsWhatCheckpointsName()
    {
        var rig = await KilledRigAsync();
        rig.Scratch = new(1L << 40);
        var session = rig.Store.Names("sessions/").Single(name => !name.Contains('.', StringComparison.Ordinal));
        _ = await rig.PruneAsync(breakSession: session);
        _ = await rig.PruneAsync();
        var kept = rig.Store.Names("packs/").Count;

        CountingSource? source = null;
        rig.WrapSource = inner => source = new CountingSource(inner);
        var report = await rig.BackupAsync(Often);

        Assert.That(kept, Is.GreaterThan(Files / 2));
        Assert.That(source!.Opened, Is.LessThan(Files / 2));
        Assert.That(report.StoredBytes, Is.LessThan(Files * FileBytes / 2));
        Assert.That(rig.Store.Names("sessions/"), Is.Empty);
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Prune_FourteenDaysAfterAKilledRun_RemovesItsCheckpointsAndThenItsPacks()
    {
        var rig = await KilledRigAsync();
        var session = rig.Store.Names("sessions/").Single(name => !name.Contains('.', StringComparison.Ordinal));
        rig.Clock.Advance(TimeSpan.FromDays(14));

        _ = await rig.PruneAsync(breakSession: session);
        Assert.That(rig.Store.Names("sessions/"), Is.Empty);
        _ = await rig.PruneAsync();
        _ = await rig.PruneAsync();

        Assert.That(rig.Store.Names("packs/"), Has.Count.EqualTo(1));
        _ = await rig.BackupAsync();
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_CheckpointsDamagedOrGone_LosesNothing([Values] bool isGone)
    {
        var rig = await KilledRigAsync();
        rig.Scratch = new(1L << 40);
        foreach (var name in rig.Store.Names("sessions/").Where(name => name.Contains('.', StringComparison.Ordinal)))
        {
            if (isGone)
            {
                rig.Store.Remove(name);
            }
            else
            {
                rig.Store.Corrupt(name, bytes =>
                {
                    bytes[bytes.Length / 2] ^= 1;
                    return bytes;
                });
            }
        }

        var findings = (await rig.CheckAsync()).Findings;
        var report = await rig.BackupAsync(Often);

        Assert.That(findings.Select(item => item.Blob), isGone ? Is.Empty : Has.All.StartsWith("sessions/").And.Not.Empty);
        Assert.That(report.StoredBytes, Is.LessThan(Files * FileBytes / 2), "Packs are found by their footers.");
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_AfterAFailedRun_Scans([Values] bool isScratchLost, [Values] bool hasCheckpoints)
    {
        var rig = NewRig().With(TrackedWay.Snapshots);
        _ = await rig.BackupAsync();
        AddFiles(rig);
        rig.WrapVault = new DyingVault(hasCheckpoints ? 40 : 12).Wrap;
        Assert.That(async () => await rig.BackupAsync(Often), Throws.TypeOf<BackupException>());
        rig.WrapVault = static vault => vault;
        Assert.That(rig.Store.Names("sessions/").Any(name => name.Contains('.', StringComparison.Ordinal)), Is.EqualTo(hasCheckpoints));
        if (isScratchLost)
        {
            rig.Scratch = new(1L << 40);
        }

        var report = await rig.BackupAsync();
        var next = await rig.BackupAsync();

        Assert.That(report.Fallbacks.Select(note => note.Code), Does.Contain("previous-run-failed"));
        Assert.That(next.Fallbacks, Is.Empty);
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_SegmentThatTheKilledRunReliedOnGone_ReadsItsFilesAgain()
    {
        var rig = NewRig();
        rig.Volume.CreateFile("old.bin", FileBytes, seed: 3);
        _ = await rig.BackupAsync();
        rig.Volume.Delete("old.bin");
        _ = await rig.BackupAsync();
        AddFiles(rig);
        rig.WrapVault = new DyingVault(60).Wrap;
        Assert.That(async () => await rig.BackupAsync(Often), Throws.TypeOf<BackupException>());
        rig.WrapVault = static vault => vault;
        var session = rig.Store.Names("sessions/").Single(name => !name.Contains('.', StringComparison.Ordinal));
        await rig.ForgetAsync(1);
        rig.Clock.Advance(TimeSpan.FromDays(14));
        _ = await rig.PruneAsync(breakSession: session);
        _ = await rig.PruneAsync();

        _ = await rig.BackupAsync();

        Assert.That(await rig.DifferencesAsync(3), Is.Empty);
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
    }

    [Test]
    public async Task State_RebuiltFromTheVault_EqualsTheOneInScratch([Values] bool wasKilled)
    {
        var rig = NewRig();
        _ = await rig.BackupAsync();
        AddFiles(rig);
        rig.Volume.CreateDirectory("folder");
        rig.Volume.CreateFile("folder/inner.bin", 12_345);
        if (wasKilled)
        {
            rig.WrapVault = new DyingVault(40).Wrap;
            Assert.That(async () => await rig.BackupAsync(Often), Throws.TypeOf<BackupException>());
            rig.WrapVault = static vault => vault;
        }

        _ = await rig.BackupAsync();
        rig.Volume.Delete("f03.bin");
        _ = await rig.BackupAsync();

        var repository = (await RepositoryOpener.TryOpenAsync(
            new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), new InlineWorkPool(), remembered: null, CancellationToken.None))!;
        var log = new CommitLog(repository);
        var source = rig.Store.Names("commits/")[0].Split('/')[1];
        var random = new SeededRandomSource(7);
        using var kept = await StateStore.OpenAsync(rig.Scratch, repository, source, random, CancellationToken.None);
        using var rebuilt = await StateStore.OpenAsync(new SimScratch(1L << 40), repository, source, random, CancellationToken.None);
        await new StateRebuilder(repository, log, rebuilt).RebuildAsync(
            await log.ReadAsync(source, 3, CancellationToken.None), CancellationToken.None);

        Assert.That(rebuilt.Of, Is.EqualTo(kept.Of));
        Assert.That(await RecordsOfAsync(rebuilt.State), Is.EqualTo(await RecordsOfAsync(kept.State)));
    }

    private static BackupRequest Often(BackupRequest request) =>
        request with { Options = request.Options with { PacksPerCheckpoint = 2 } };

    private static EngineRig NewRig()
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        rig.Volume.CreateFile("older.bin", 5000);
        return rig;
    }

    private static void AddFiles(EngineRig rig)
    {
        for (var i = 0; i < Files; i++)
        {
            rig.Volume.CreateFile($"f{i:D2}.bin", FileBytes, seed: (ulong)i);
        }
    }

    /// <summary>A source with one recovery point and a second run that was killed near its end.</summary>
    private static async Task<EngineRig> KilledRigAsync()
    {
        var rig = NewRig();
        _ = await rig.BackupAsync();
        AddFiles(rig);
        rig.WrapVault = new DyingVault(44).Wrap;
        Assert.That(async () => await rig.BackupAsync(Often), Throws.TypeOf<BackupException>());
        rig.WrapVault = static vault => vault;
        return rig;
    }

    /// <summary>Everything that a state says but where fingerprints are, which the vault does not know.</summary>
    private static async Task<IReadOnlyList<string>> RecordsOfAsync(SourceState state)
    {
        var records = new List<string>();
        for (var cursor = state.Tables.Scan(default); await cursor.NextAsync(CancellationToken.None);)
        {
            if (cursor.Current.Key.Span[0] != StateKeys.Pages)
            {
                records.Add(Convert.ToHexString(cursor.Current.Key.Span) + "=" + Convert.ToHexString(cursor.Current.Payload.Span));
            }
        }

        return records;
    }
}
