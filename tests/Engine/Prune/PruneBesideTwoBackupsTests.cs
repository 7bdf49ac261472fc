using Harness.Engine.Errors;
using Harness.Simulator.Volume;
using Harness.Tests.Engine.Yielding;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Prune;

/// <summary>Two backups of two sources and a prune, interleaved call by call in a drawn order; and a withdrawal beside a backup.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PruneBesideTwoBackupsTests
{
    private const int MostCalls = 200;

    [Test]
    public void Backups_OfTwoSourcesWithPrunesBetweenTheirCalls_LoseNothing([Range(1, 25)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var pump = new SingleThreadPump(seed);
        pump.Run(async () =>
        {
            var (one, two) = await RigsAsync(pump);
            one.WrapVault = two.WrapVault = vault => new YieldingVault(vault, pump);
            var first = one.BackupAsync();
            var second = two.BackupAsync();
            for (var i = 0; i < 4; i++)
            {
                try
                {
                    await one.PruneAsync(maxUnusedPercent: 0);
                }
                catch (BackupException error) when (error.Code == ErrorCode.CommitConflict)
                {
                    // Another prune ended first; there is none here, so this is a bug.
                    Assert.Fail(error.Message);
                }
            }

            await first;
            await second;
            one.WrapVault = two.WrapVault = static vault => vault;
            foreach (var rig in new[] { one, two })
            {
                await rig.PruneAsync(maxUnusedPercent: 0);
                await rig.PruneAsync(maxUnusedPercent: 0);
                Assert.That(await rig.DifferencesAsync(rig.Snapshots.Count), Is.Empty, rig.SourceName);
            }

            Assert.That((await one.CheckAsync()).Findings, Is.Empty);
            return true;
        });
    }

    /// <summary>
    /// The session of a run is broken, what it relied on is removed, and another run of the source commits on top of its commit,
    /// all between two of its calls: it must not withdraw what the other one rests on.
    /// </summary>
    [Test]
    public async Task Backup_BrokenAndOvertakenAtEachCall_LosesNoOtherRecoveryPoint()
    {
        var overtaken = 0;
        for (var number = 0; number < MostCalls; number++)
        {
            var rig = await OneSourceAsync();
            var other = new EngineRig(77, store: rig.Store) { Parameters = rig.Parameters };
            other.Volume.CreateFile("stays.bin", 100_000, seed: 6);
            other.Volume.CreateFile("other.bin", 30_000, seed: 7);
            other.Clock.SetUtcNow(rig.Clock.GetUtcNow());
            var seen = 0;
            BackupException? error = null;
            try
            {
                await rig.BackupAsync(request => request with
                {
                    Vault = new InterposingVault(request.Vault, async call =>
                    {
                        seen = Math.Max(seen, call);
                        if (call == number && rig.Store.Names("sessions/").FirstOrDefault() is { } session)
                        {
                            await rig.PruneAsync(breakSession: session);
                            await rig.PruneAsync();
                            await rig.PruneAsync();
                            await other.BackupAsync();
                            overtaken++;
                        }
                    }),
                });
            }
            catch (BackupException thrown)
            {
                error = thrown;
            }

            Assert.That(
                error?.Code,
                Is.AnyOf(null, ErrorCode.SessionBroken, ErrorCode.VaultBlobMissing, ErrorCode.CommitConflict),
                $"call {number}: {error}");
            Assert.That(await rig.DifferencesAsync(3), Is.Empty, $"call {number}");
            foreach (var point in await rig.RecoveryPointsAsync())
            {
                // A point that lacks data lists it; one that rests on a commit that is not there throws.
                Assert.That(async () => await rig.RestoreAsync(point.RecoveryPoint), Throws.Nothing, $"call {number}: {error?.Message}");
            }

            if (seen < number)
            {
                Assert.That(overtaken, Is.GreaterThan(10));
                return;
            }
        }

        Assert.Fail("The run never ended.");
    }

    /// <summary>Each source has again what only forgotten recovery points of the other hold.</summary>
    private static async Task<(EngineRig One, EngineRig Two)> RigsAsync(SingleThreadPump pump)
    {
        var one = Rig("one", pump, null);
        var two = Rig("two", pump, one);
        foreach (var (rig, seed) in new[] { (one, 1UL), (two, 2UL) })
        {
            rig.Volume.CreateFile("old.bin", 150_000, seed: seed);
            rig.Volume.CreateFile("stays.bin", 60_000, seed: seed + 10);
            await rig.BackupAsync();
            rig.Volume.Delete("old.bin");
            rig.Volume.WriteGenerated("stays.bin", 0, 4096, seed + 20);
            await rig.BackupAsync();
        }

        await one.ForgetAsync(1);
        await two.ForgetAsync(1);
        one.Clock.Advance(TimeSpan.FromDays(20));
        two.Clock.Advance(TimeSpan.FromDays(20));
        await one.PruneAsync(maxUnusedPercent: 0);
        one.Volume.CreateFile("again.bin", 150_000, seed: 2);
        two.Volume.CreateFile("again.bin", 150_000, seed: 1);
        return (one, two);
    }

    private static EngineRig Rig(string name, SingleThreadPump pump, EngineRig? beside) => new(
        beside is null ? 31UL : 32UL, new VolumeSettings { Label = name }, new YieldingWorkPool(pump, 2), beside?.Store)
    {
        SourceName = name,
        Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 },
    };

    private static async Task<EngineRig> OneSourceAsync()
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

        await rig.ForgetAsync(1, 2);
        rig.Clock.Advance(TimeSpan.FromDays(20));
        rig.Volume.CreateFile("again.bin", 200_000, seed: 5);
        return rig;
    }
}
