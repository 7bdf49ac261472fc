using Harness.Simulator.Compare;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Prune;

/// <summary>Prunes between any two calls of a restore: what is kept comes back whole, what goes meanwhile is listed as lost.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PruneBesideRestoreTests
{
    private const int MostCalls = 200;

    [Test]
    public async Task Restore_PacksMovedAndRemovedAtEachOfItsCalls_GivesEverythingBack([Values(2, 3)] int prunes)
    {
        for (var number = 0; number < MostCalls; number++)
        {
            var rig = await RigAsync(forgotten: 2);
            var seen = 0;
            rig.WrapVault = vault => new InterposingVault(vault, async call =>
            {
                seen = Math.Max(seen, call);
                if (call == number)
                {
                    rig.WrapVault = static inner => inner;
                    for (var i = 0; i < prunes; i++)
                    {
                        await rig.PruneAsync(maxUnusedPercent: 0);
                    }
                }
            });

            Assert.That(await rig.DifferencesAsync(3), Is.Empty, $"call {number}");
            var (report, _) = await rig.RestoreAsync(3);
            Assert.That(report.Failed, Is.Empty, $"call {number}");
            if (seen < number)
            {
                Assert.That(number, Is.GreaterThan(10));
                return;
            }
        }

        Assert.Fail("The restore never ended.");
    }

    [Test]
    public async Task Restore_ItsPointForgottenAndRemovedMeanwhile_FailsOrListsAndGivesNoWrongByte()
    {
        var lost = 0;
        for (var number = 0; number < MostCalls; number++)
        {
            var rig = await RigAsync(forgotten: 1);
            var seen = 0;
            rig.WrapVault = vault => new InterposingVault(vault, async call =>
            {
                seen = Math.Max(seen, call);
                if (call == number)
                {
                    rig.WrapVault = static inner => inner;
                    await rig.ForgetAsync(2);
                    rig.Clock.Advance(TimeSpan.FromDays(20));
                    for (var i = 0; i < 3; i++)
                    {
                        await rig.PruneAsync(maxUnusedPercent: 0);
                    }
                }
            });
            try
            {
                var (report, volume) = await rig.RestoreAsync(2);
                lost += report.Failed.Count > 0 ? 1 : 0;
                Assert.That(
                    VolumeComparer.Compare(
                        rig.Snapshots[1], volume, new VolumeComparison { LeftOut = [.. report.Failed.Select(item => item.Path)] }),
                    Is.Empty,
                    $"call {number}");
                Assert.That(report.Failed.Select(item => item.Reason), Is.All.EqualTo("vault-damaged"));
            }
            catch (Harness.Engine.Errors.BackupException error)
            {
                lost++;
                Assert.That(
                    error.Code.ToString(), Is.AnyOf("RecoveryPointNotFound", "VaultBlobMissing"), $"call {number}: {error.Message}");
            }

            if (seen < number)
            {
                Assert.That(lost, Is.GreaterThan(5));
                return;
            }
        }

        Assert.Fail("The restore never ended.");
    }

    /// <summary>Three recovery points; packs of the first hold what the later ones use in part only.</summary>
    private static async Task<EngineRig> RigAsync(int forgotten)
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        for (var i = 0; i < 8; i++)
        {
            rig.Volume.CreateFile($"file {i}", 20_000, seed: (ulong)i + 5);
        }

        await rig.BackupAsync();
        for (var i = 0; i < 2; i++)
        {
            rig.Volume.Delete($"file {i * 3}");
            rig.Volume.CreateFile($"more {i}", 30_000, seed: (ulong)i + 50);
            await rig.BackupAsync();
        }

        await rig.ForgetAsync([.. Enumerable.Range(1, forgotten).Select(i => (long)i)]);
        rig.Clock.Advance(TimeSpan.FromDays(20));
        return rig;
    }
}
