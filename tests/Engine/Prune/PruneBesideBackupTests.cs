using Harness.Engine.Errors;
using Harness.Simulator.Scratch;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Prune;

/// <summary>
/// Prunes at every point of a backup that finds in the vault what only forgotten recovery points hold: none that was committed
/// is ever lost.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class PruneBesideBackupTests
{
    private const int MostCalls = 500;

    /// <summary>Both phases at one point; or one at the point and one some calls later.</summary>
    [Test]
    public Task Backup_PrunesAtEachOfItsCalls_LosesNothing([Values(0, 1, 2, 5, 11, 19)] int gap) =>
        PruneAtEachCallAsync(isChanged: true, gap, leastCalls: 20);

    [Test]
    public async Task Backup_APruneAtEveryCall_LosesNothing()
    {
        var rig = await RigAsync();

        var error = await TryBackupAsync(rig, async _ => await rig.PruneAsync());

        Assert.That(error, Is.Null, error?.ToString());
        await AssertWholeAsync(rig, "storm");
    }

    [Test]
    public async Task Backup_ItsSessionBrokenAtEachCall_FailsOrIsWhole()
    {
        var failed = 0;
        for (var number = 0; number < MostCalls; number++)
        {
            var rig = await RigAsync();
            var seen = 0;
            var error = await TryBackupAsync(rig, async call =>
            {
                seen = Math.Max(seen, call);
                if (call == number && rig.Store.Names("sessions/").FirstOrDefault() is { } session)
                {
                    await rig.PruneAsync(breakSession: session);
                    await rig.PruneAsync();
                    await rig.PruneAsync();
                }
            });

            Assert.That(
                error?.Code,
                Is.AnyOf(null, ErrorCode.SessionBroken, ErrorCode.VaultBlobMissing),
                $"call {number}: {error}");
            failed += error is null ? 0 : 1;
            await AssertWholeAsync(rig, $"call {number}");
            if (seen < number)
            {
                Assert.That(failed, Is.GreaterThan(3));
                return;
            }
        }

        Assert.Fail("The run never ended.");
    }

    /// <summary>A run that finds nothing changed opens no session.</summary>
    [Test]
    public Task Backup_NothingChangedAndPrunesAtEachOfItsCalls_LosesNothing([Values(0, 1, 3)] int gap) =>
        PruneAtEachCallAsync(isChanged: false, gap, leastCalls: 8);

    /// <summary>
    /// A run sleeps for weeks while others commit, and all but the last recovery point is forgotten and removed; after twenty there
    /// was a checkpoint, and the number that it is about to take is free again. It must not end with a point that is told as gone.
    /// </summary>
    [Test]
    public async Task Backup_OvertakenByOthersThatAreForgotten_FailsOrIsWhole([Values] bool isChanged, [Values(2, 20)] int others)
    {
        var conflicts = 0;
        for (var number = 0; number < MostCalls; number++)
        {
            var rig = await RigAsync(isChanged);
            var seen = 0;
            var error = await TryBackupAsync(rig, async call =>
            {
                seen = Math.Max(seen, call);
                if (call == number)
                {
                    await OvertakeAsync(rig, others);
                }
            });

            Assert.That(error?.Code, Is.AnyOf(null, ErrorCode.CommitConflict, ErrorCode.SessionBroken, ErrorCode.VaultBlobMissing), $"call {number}: {error}");
            conflicts += error?.Code == ErrorCode.CommitConflict ? 1 : 0;
            foreach (var point in await rig.RecoveryPointsAsync())
            {
                var (report, _) = await rig.RestoreAsync(point.RecoveryPoint);
                Assert.That(report.Failed, Is.Empty, $"call {number} recovery point {point.RecoveryPoint}");
            }

            Assert.That((await rig.CheckAsync()).Findings, Is.Empty, $"call {number}");
            if (seen < number)
            {
                Assert.That(conflicts, Is.Positive);
                return;
            }
        }

        Assert.Fail("The run never ended.");
    }

    [Test]
    public async Task Prune_AfterARunThatDied_WaitsUntilTheNextRunOfItsSource()
    {
        var rig = await RigAsync();
        var died = await TryBackupAsync(rig, call => call >= 18
            ? throw new BackupException(ErrorCode.VaultUnreachable, "The machine is off (injected).")
            : ValueTask.CompletedTask);
        Assert.That(died, Is.Not.Null);
        Assert.That(rig.Store.Names("sessions/"), Has.Count.EqualTo(1));

        await rig.PruneAsync();
        var waiting = await rig.PruneAsync();
        await rig.BackupAsync();
        var free = await rig.PruneAsync();

        Assert.That(waiting.WaitingFor, Has.Count.EqualTo(1));
        Assert.That(waiting.RemovedPacks, Is.Zero);
        Assert.That(rig.Store.Names("sessions/"), Is.Empty);
        Assert.That(free.WaitingFor, Is.Empty);
        Assert.That(free.RemovedPacks, Is.Positive);
        await AssertWholeAsync(rig, "after");
    }

    /// <summary>Both phases of a prune at one call of a run; or one at the call and one some calls later.</summary>
    private static async Task PruneAtEachCallAsync(bool isChanged, int gap, int leastCalls)
    {
        for (var number = 0; number < MostCalls; number++)
        {
            var rig = await RigAsync(isChanged);
            var seen = 0;
            var error = await TryBackupAsync(rig, async call =>
            {
                Assert.That(isChanged || rig.Store.Names("sessions/").Count == 0, "a session for a commit alone");
                seen = Math.Max(seen, call);
                for (var i = 0; call == number && i < (gap == 0 ? 3 : 1); i++)
                {
                    await rig.PruneAsync();
                }

                if (gap > 0 && call == number + gap)
                {
                    await rig.PruneAsync();
                }
            });

            Assert.That(error, Is.Null, $"call {number}: {error}");
            await AssertWholeAsync(rig, $"call {number}");
            if (seen < number)
            {
                Assert.That(number, Is.GreaterThan(leastCalls));
                return;
            }
        }

        Assert.Fail("The run never ended.");
    }

    /// <summary>Two recovery points, the first forgotten long ago, and a source that has again what only the first holds.</summary>
    private static async Task<EngineRig> RigAsync(bool isChanged = true)
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        rig.Volume.CreateFile("old.bin", 200_000, seed: 5);
        rig.Volume.CreateFile("stays.bin", 100_000, seed: 6);
        await rig.BackupAsync();
        rig.Volume.Delete("old.bin");
        for (var i = 0; i < 2; i++)
        {
            rig.Volume.WriteGenerated("stays.bin", 0, 4096, (ulong)i + 40);
            await rig.BackupAsync();
        }

        await rig.ForgetAsync([.. Enumerable.Range(1, 2).Select(i => (long)i)]);
        rig.Clock.Advance(TimeSpan.FromDays(20));
        if (isChanged)
        {
            rig.Volume.CreateFile("again.bin", 200_000, seed: 5);
        }

        return rig;
    }

    /// <summary>Runs of another machine, then all but the last recovery point is forgotten, and removed when its time is over.</summary>
    private static async Task OvertakeAsync(EngineRig rig, int runs)
    {
        var scratch = new SimScratch(1L << 40);
        for (var i = 0; i < runs; i++)
        {
            rig.Volume.WriteGenerated("stays.bin", 8192, 4096, (ulong)i + 70);
            await rig.BackupAsync(request => request with { Scratch = scratch });
        }

        var points = await rig.RecoveryPointsAsync();
        await rig.ForgetAsync([.. points.Select(point => point.RecoveryPoint).Order().SkipLast(1)]);
        rig.Clock.Advance(TimeSpan.FromDays(20));
        for (var i = 0; i < 3; i++)
        {
            await rig.PruneAsync();
        }
    }

    private static async Task<BackupException?> TryBackupAsync(EngineRig rig, Func<int, ValueTask> before)
    {
        try
        {
            await rig.BackupAsync(request => request with { Vault = new InterposingVault(request.Vault, before) });
            return null;
        }
        catch (BackupException error)
        {
            return error;
        }
    }

    private static async Task AssertWholeAsync(EngineRig rig, string context)
    {
        await rig.PruneAsync();
        await rig.PruneAsync();
        foreach (var point in await rig.RecoveryPointsAsync())
        {
            Assert.That(await rig.DifferencesAsync(point.RecoveryPoint), Is.Empty, $"{context} recovery point {point.RecoveryPoint}");
        }

        Assert.That((await rig.CheckAsync()).Findings, Is.Empty, context);
        var report = await rig.BackupAsync();
        Assert.That(await rig.DifferencesAsync(report.RecoveryPoint!.Value), Is.Empty, context);
    }
}
