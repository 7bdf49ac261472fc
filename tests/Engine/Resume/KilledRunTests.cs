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

/// <summary>A run is killed after each of its calls to the vault, with its scratch location or without it, and run again.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class KilledRunTests
{
    private const int LongFileBytes = 20 << 20;
    private const int Files = 20;
    private const int FileBytes = 70_000;

    /// <summary>Two uploads under way, the pack that is being filled, and what the pipeline holds.</summary>
    private const long UnderWayBytes = 4 << 20;
    private const int PacksPerCheckpoint = 2;

    [Test]
    public async Task Backup_KilledAfterAnyCall_SendsNothingTwiceAndReadsOnlyWhatWasNotPacked(
        [Values] bool isScratchLost, [Values] bool isFirst)
    {
        var calls = await CallsOfAnUndisturbedRunAsync(isFirst);
        var undisturbed = await UndisturbedAsync(isFirst);
        for (var killedAfter = 1; killedAfter < calls; killedAfter += 11)
        {
            var rig = await RigAsync(isFirst);
            var sent = await KillAsync(rig, killedAfter);
            if (isScratchLost)
            {
                rig.Scratch = new(1L << 40);
            }

            CountingSource? source = null;
            rig.WrapSource = inner => source = new CountingSource(inner);
            var report = await rig.BackupAsync(Often);

            var context = $"killed after call {killedAfter} of {calls}";
            var slack = UnderWayBytes + (isScratchLost ? PacksPerCheckpoint << 20 : 0);
            Assert.That(await SegmentsOfAllPacksAsync(rig), Is.Unique, context);
            Assert.That(source!.ReadBytes, Is.LessThanOrEqualTo(Math.Max(0, undisturbed.ReadBytes - sent) + slack), context);
            Assert.That(report.ReadBytes, Is.EqualTo(source.ReadBytes), context);
            Assert.That(report.Protected, Is.EqualTo(undisturbed.Protected), context);
            Assert.That(rig.Store.Names("sessions/"), Is.Empty, context);
            Assert.That((await rig.CheckAsync()).Unreferenced, Is.Empty, context);
            await rig.AssertAllWellAsync(context);
        }
    }

    [Test]
    public async Task Backup_KilledBeforeItNotesWhatTheVaultHasTaken_SendsItNotAgain([Values] bool isScratchLost)
    {
        var rig = await RigAsync(isFirst: true);
        var packs = 0;
        rig.WrapVault = inner => new FaultyVault(inner, call =>
            call.Name.StartsWith("packs/", StringComparison.Ordinal) && call.Operation == "create" && ++packs == 5 ? VaultFault.After
            : packs >= 5 ? VaultFault.Before
            : null);
        Assert.That(async () => await rig.BackupAsync(Often), Throws.TypeOf<BackupException>());
        rig.WrapVault = static vault => vault;
        if (isScratchLost)
        {
            rig.Scratch = new(1L << 40);
        }

        _ = await rig.BackupAsync(Often);

        Assert.That(await SegmentsOfAllPacksAsync(rig), Is.Unique);
        Assert.That((await rig.CheckAsync()).Unreferenced, Is.Empty);
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_KilledWithScratchKept_ReportsTheChangesOfAnUndisturbedRun([Values] bool isFirst)
    {
        var calls = await CallsOfAnUndisturbedRunAsync(isFirst);
        var undisturbed = await UndisturbedAsync(isFirst);
        foreach (var killedAfter in new[] { calls / 3, calls / 2 })
        {
            var rig = await RigAsync(isFirst);
            _ = await KillAsync(rig, killedAfter);

            var report = await rig.BackupAsync(Often);

            Assert.That(report.ChangedBytes, Is.EqualTo(undisturbed.ChangedBytes), $"killed after call {killedAfter} of {calls}");
        }
    }

    [Test]
    public async Task Backup_KilledAgainAndAgain_EndsWithNothingSentTwice([Values] bool isScratchLost)
    {
        var rig = await RigAsync(isFirst: true);

        // The second one has first to look at all that the first has left.
        foreach (var lives in new[] { 40, 100 })
        {
            _ = await KillAsync(rig, lives);
            if (isScratchLost)
            {
                rig.Scratch = new(1L << 40);
            }
        }

        CountingSource? source = null;
        rig.WrapSource = inner => source = new CountingSource(inner);
        _ = await rig.BackupAsync(Often);

        Assert.That(await SegmentsOfAllPacksAsync(rig), Is.Unique);
        Assert.That(source!.ReadBytes, Is.LessThan(LongFileBytes * 2 / 3));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_Cancelled_IsResumedLikeAKilledOne([Values(20, 40, 60)] int call)
    {
        var rig = await RigAsync(isFirst: true);
        using var cancellation = new CancellationTokenSource();
        var calls = 0;
        rig.WrapVault = inner => new FaultyVault(inner, _ =>
        {
            if (++calls == call)
            {
                cancellation.Cancel();
            }

            return null;
        });

        Assert.That(async () => await rig.BackupAsync(Often, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        var sent = SentBytes(rig);
        rig.WrapVault = static vault => vault;
        CountingSource? source = null;
        rig.WrapSource = inner => source = new CountingSource(inner);
        var report = await rig.BackupAsync(Often);

        Assert.That(report.Warnings.Select(note => note.Code), Does.Contain("run-resumed"));
        Assert.That(await SegmentsOfAllPacksAsync(rig), Is.Unique);
        Assert.That(source!.ReadBytes, Is.LessThanOrEqualTo(LongFileBytes + (Files * FileBytes) - sent + UnderWayBytes));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_LongFileChangedAfterTheKill_IsReadAgainAndStillSentOnce([Values] bool isScratchLost)
    {
        var rig = await RigAsync(isFirst: true);
        var sent = await KillAsync(rig, 90);
        rig.Volume.Write("long.bin", LongFileBytes - 100, [1, 2, 3]);
        if (isScratchLost)
        {
            rig.Scratch = new(1L << 40);
        }

        var report = await rig.BackupAsync(Often);

        Assert.That(sent, Is.GreaterThan(4 << 20));
        Assert.That(report.ReadBytes, Is.GreaterThanOrEqualTo(LongFileBytes));
        Assert.That(await SegmentsOfAllPacksAsync(rig), Is.Unique);
        await rig.AssertAllWellAsync();
    }

    private static BackupRequest Often(BackupRequest request) =>
        request with { Options = request.Options with { PacksPerCheckpoint = PacksPerCheckpoint } };

    /// <summary>
    /// A volume with small files and a long one; with a recovery point and changes all over since, unless it is to be the first.
    /// </summary>
    private static async Task<EngineRig> RigAsync(bool isFirst)
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        rig.Volume.CreateFile("long.bin", LongFileBytes, seed: 99);
        if (!isFirst)
        {
            _ = await rig.BackupAsync();
            for (long at = 0; at < LongFileBytes; at += 48 << 10)
            {
                rig.Volume.Write("long.bin", at, [(byte)((at >> 16) & 0xFF), 1, (byte)((at >> 14) & 0xFF)]);
            }
        }

        for (var i = 0; i < Files; i++)
        {
            rig.Volume.CreateFile($"f{i:D2}.bin", FileBytes, seed: (ulong)i);
        }

        return rig;
    }

    private static async Task<int> CallsOfAnUndisturbedRunAsync(bool isFirst)
    {
        var rig = await RigAsync(isFirst);
        var vault = new DyingVault(int.MaxValue);
        rig.WrapVault = vault.Wrap;
        _ = await rig.BackupAsync(Often);
        return vault.Calls;
    }

    private static async Task<BackupReport> UndisturbedAsync(bool isFirst) => await (await RigAsync(isFirst)).BackupAsync(Often);

    /// <summary>Kills a run after a number of calls; gives the plain bytes of the packs that it has sent.</summary>
    private static Task<long> KillAsync(EngineRig rig, int lives)
    {
        var before = SentBytes(rig);
        rig.WrapVault = new DyingVault(lives).Wrap;
        Assert.That(async () => await rig.BackupAsync(Often), Throws.TypeOf<BackupException>());
        rig.WrapVault = static vault => vault;
        return Task.FromResult(SentBytes(rig) - before);
    }

    /// <summary>The contents do not compress, so a pack has about as many bytes as were read for it.</summary>
    private static long SentBytes(EngineRig rig) => PacksOf(rig).Sum(pack => (long)pack.Length);

    private static IEnumerable<byte[]> PacksOf(EngineRig rig) =>
        rig.Store.Snapshot().Where(blob => blob.Key.StartsWith("packs/", StringComparison.Ordinal)).Select(blob => blob.Value);

    private static async Task<IReadOnlyList<Hash256>> SegmentsOfAllPacksAsync(EngineRig rig)
    {
        var repository = (await RepositoryOpener.TryOpenAsync(
            new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), new InlineWorkPool(), remembered: null, CancellationToken.None))!;
        var segments = new List<Hash256>();
        foreach (var pack in PacksOf(rig))
        {
            using var reader = PackReader.FromHeader(repository.Keys, pack);
            segments.AddRange(reader.ReadFooter(pack).Select(segment => segment.Id));
        }

        return segments;
    }
}
