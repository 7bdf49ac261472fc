using Harness.Engine.Errors;
using Harness.Simulator.Snapshots;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Engine.Yielding;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>
/// One fault at each single call, in turn, until a run meets none: a run ends in a BackupException or commits, what was
/// committed before stays readable, and the next run commits.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class FaultTests
{
    private const int Page = 4096;
    private const int MostCalls = 2000;

    [Test]
    public async Task Backup_OneVaultCallFails_LosesNothingAndTheNextRunCommits([Values] VaultFault fault, [Values] bool first)
    {
        for (var number = 0; number < MostCalls; number++)
        {
            var rig = await RigAsync(first);
            var met = false;
            rig.WrapVault = vault => new FaultyVault(vault, call =>
            {
                var isThis = call.Number == number && (fault != VaultFault.FalseForOwn || call.Operation == "create");
                met |= call.Number == number;
                return isThis ? fault : null;
            });

            var error = await TryBackupAsync(rig);

            rig.WrapVault = static vault => vault;
            if (error is null && !met)
            {
                Assert.That(number, Is.GreaterThan(5));
                return;
            }

            Assert.That(error?.Code, Is.AnyOf(null, ErrorCode.VaultUnreachable), $"call {number}: {error}");
            Assert.That(fault == VaultFault.FalseForOwn && error is not null, Is.False, $"call {number}: {error}");
            await AssertGoesOnAsync(rig, $"call {number}");
        }

        Assert.Fail("The run never ended without a fault.");
    }

    [Test]
    public void Backup_OneVaultCallFailsWhileOthersAreUnderWay_EndsAndLosesNothing([Values(1, 2, 3)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        for (var number = 0; number < MostCalls; number++)
        {
            var pump = new SingleThreadPump(seed);
            var met = false;
            pump.Run(async () =>
            {
                var rig = await RigAsync(first: true, new YieldingWorkPool(pump, 3));
                rig.WrapVault = vault => new FaultyVault(new YieldingVault(vault, pump), call =>
                {
                    met |= call.Number == number;
                    return call.Number == number ? VaultFault.Before : null;
                });
                var error = await TryBackupAsync(rig);
                Assert.That(error is not null, Is.EqualTo(met), $"call {number}: {error}");
                rig.WrapVault = static vault => vault;
                await AssertGoesOnAsync(rig, $"call {number}");
                return true;
            });
            if (!met)
            {
                return;
            }
        }

        Assert.Fail("The run never ended without a fault.");
    }

    [TestCase(ErrorCode.ScratchFull, "append")]
    [TestCase(ErrorCode.ScratchNotWritable, "")]
    [TestCase(ErrorCode.FileInaccessible, "")]
    public async Task Backup_OneScratchCallFails_LosesNothingAndTheNextRunCommits(ErrorCode code, string operation)
    {
        for (var number = 0; number < MostCalls; number++)
        {
            var rig = await RigAsync(first: false);
            var seen = 0;
            rig.WrapScratch = scratch => new FaultyScratch(
                scratch, (at, _, _) => (operation.Length == 0 || at == operation) && seen++ == number ? code : null);

            var error = await TryBackupAsync(rig);

            rig.WrapScratch = static scratch => scratch;
            if (seen <= number)
            {
                Assert.That(number, Is.GreaterThan(1));
                return;
            }

            Assert.That(error?.Code, Is.AnyOf(null, code), $"call {number}: {error}");
            await AssertGoesOnAsync(rig, $"call {number}");
        }

        Assert.Fail("The run never ended without a fault.");
    }

    [Test]
    public async Task Backup_ScratchFailsAfterTheCommit_ReportsTheRecoveryPointWithAWarning()
    {
        var rig = await RigAsync(first: false);
        rig.WrapScratch = scratch => new FaultyScratch(
            scratch, (at, name, _) => at == "rename" ? ErrorCode.FileInaccessible : null);

        var report = await rig.BackupAsync();

        Assert.That(report.RecoveryPoint, Is.EqualTo(2));
        Assert.That(report.Warnings.Select(w => w.Code), Does.Contain("scratch-not-saved"));
    }

    [Test]
    public async Task Backup_SourceVanishesAtEachCall_CommitsNothingAndReleasesTheSnapshot()
    {
        for (var number = 0; number < MostCalls; number++)
        {
            var rig = await RigAsync(first: false);
            var taken = new List<SimSnapshot>();
            var seen = 0;
            rig.WrapSource = source => new RecordingSource(source, taken);
            rig.Faults.Hook = _ =>
            {
                rig.Faults.IsSourceGone |= seen++ == number;
                return null;
            };

            var error = await TryBackupAsync(rig);

            Assert.That(taken.Select(snapshot => snapshot.IsReleased), Is.All.True);
            rig.Faults.Hook = null;
            if (seen <= number)
            {
                Assert.That(number, Is.GreaterThan(15));
                return;
            }

            Assert.That(error?.Code, Is.EqualTo(ErrorCode.SourceVanished), $"call {number}");
            Assert.That(rig.Snapshots, Has.Count.EqualTo(1), $"call {number}");
            rig.Faults.IsSourceGone = false;
            await AssertGoesOnAsync(rig, $"call {number}");
        }

        Assert.Fail("The run never ended without a fault.");
    }

    [Test]
    public async Task Backup_OneSourceCallFails_ReportsThatEntryAndProtectsTheOthers([Values] SourceFault fault)
    {
        for (var number = 0; number < MostCalls; number++)
        {
            var rig = await RigAsync(first: false);
            var seen = 0;
            SimVolumeCall? hit = null;
            rig.Faults.Hook = call =>
            {
                hit = seen++ == number ? call : hit;
                return hit == call && seen == number + 1 ? fault : null;
            };

            Harness.Engine.Backup.BackupReport? report = null;
            var error = await TryBackupAsync(rig, made => report = made);

            rig.Faults.Hook = null;
            if (hit is not { } call)
            {
                Assert.That(number, Is.GreaterThan(15));
                return;
            }

            // The first of the two listings only estimates: what fails there and not in the second is protected.
            if (report is null)
            {
                Assert.That((error?.Code, call.Path), Is.EqualTo((ErrorCode.SourceVanished, "")), $"call {number}: {error}");
            }
            else if (report.Failed.Count > 0)
            {
                Assert.That(report.Failed.Select(item => item.Path), Is.EqualTo(new[] { call.Path }), $"call {number}: {call}");
            }
            else
            {
                Assert.That(call.Operation, Is.EqualTo(SimVolumeOperation.List), $"call {number}: {call}");
            }

            await rig.AssertAllWellAsync($"call {number}: {call}");
            await AssertGoesOnAsync(rig, $"call {number}: {call}");
        }

        Assert.Fail("The run never ended without a fault.");
    }

    [Test]
    public async Task Backup_StreamOfAFolderUnreadable_KeepsTheFolderAndWhatIsInIt()
    {
        var rig = await RigAsync(first: true);
        rig.Faults.Fail("folder:notes", SourceFault.ReadError, SimVolumeOperation.Read);

        var report = await rig.BackupAsync();

        Assert.That(report.Failed.Select(item => item.Path), Is.EqualTo(new[] { "folder:notes" }));
        var (_, restored) = await rig.RestoreAsync();
        Assert.That(restored.Find("folder/inner.txt"), Is.Not.Null);
    }

    [Test]
    public async Task Backup_NamedStreamUnreadable_KeepsTheFileAndTakesTheStreamUpNextTime()
    {
        var rig = await RigAsync(first: true);
        var locked = true;
        rig.Faults.Hook = call => locked && call.Path == "report.txt:summary" ? SourceFault.Locked : null;

        var report = await rig.BackupAsync();

        Assert.That(report.Failed.Select(item => item.Path), Is.EqualTo(new[] { "report.txt:summary" }));
        Assert.That(await rig.DifferencesAsync(1), Is.Empty);
        locked = false;
        await AssertGoesOnAsync(rig, "after the lock");
    }

    [Test]
    public async Task Backup_TwoRunsRaceForOneCommit_OneWinsAndTheOtherSucceedsAgain([Range(1, 6)] int seed, [Values] bool first)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var pump = new SingleThreadPump(seed);
        var rig = await RigAsync(first);
        var other = new EngineRig(900 + (ulong)seed, work: new YieldingWorkPool(pump, 2), store: rig.Store);
        Populate(other);
        other.Volume.CreateFile("only on the other", 3000);
        rig.WrapVault = other.WrapVault = vault => new YieldingVault(vault, pump);

        var errors = pump.Run(async () =>
        {
            var one = TryBackupAsync(rig);
            var two = TryBackupAsync(other);
            return new[] { await one, await two };
        });

        Assert.That(errors.Count(error => error is null), Is.EqualTo(1), string.Join('\n', errors.Select(e => e?.ToString())));
        Assert.That(errors.Single(error => error is not null)!.Code, Is.EqualTo(ErrorCode.CommitConflict));
        var commits = rig.Store.Names("commits/").Count;
        var (loser, winner) = errors[0] is null ? (other, rig) : (rig, other);
        loser.WrapVault = winner.WrapVault = static vault => vault;
        loser.WrapSource = static source => source;
        var again = pump.Run(() => loser.BackupAsync());
        Assert.That(again.RecoveryPoint, Is.EqualTo(commits + 1));
        pump.Run(async () =>
        {
            Assert.That((await loser.CheckAsync()).Findings, Is.Empty);
            await AssertEqualAsync(winner, commits);
            await AssertEqualAsync(loser, commits + 1);
            return commits;
        });
    }

    [Test]
    public async Task Open_KeyTakenAwayBetweenListingAndReading_IsPassedOver()
    {
        const string stranger = "keys/00000000000000000000000000000000";
        var rig = await RigAsync(first: false);
        await new Harness.Simulator.Vaults.MemoryVault(rig.Store).CreateAsync(stranger, "{}"u8.ToArray(), CancellationToken.None);
        rig.WrapVault = vault => new FaultyVault(vault, call =>
        {
            _ = call is { Operation: "read", Name: stranger } && rig.Store.Remove(stranger);
            return null;
        });

        Assert.That((await rig.BackupAsync()).RecoveryPoint, Is.EqualTo(2));
        Assert.That(rig.Store.Names(stranger), Is.Empty);
    }

    private static async Task AssertEqualAsync(EngineRig rig, long point)
    {
        var (report, restored) = await rig.RestoreAsync(point);
        var leftOut = report.Skipped.Select(item => item.Path).ToList();
        Assert.That(
            Harness.Simulator.Compare.VolumeComparer.Compare(
                rig.Volume.TakeSnapshot(), restored, new Harness.Simulator.Compare.VolumeComparison { LeftOut = leftOut }),
            Is.Empty,
            $"recovery point {point}");
    }

    /// <summary>With edits waiting to be protected: for the first time, or after a first recovery point.</summary>
    private static async Task<EngineRig> RigAsync(bool first, Harness.Engine.Ports.IWorkPool? work = null)
    {
        var rig = new EngineRig(3, work: work) { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        Populate(rig);
        if (!first)
        {
            await rig.BackupAsync();
            rig.Volume.WriteGenerated("image.vhd", 7 * Page, Page, 100);
            rig.Volume.CreateFile("fresh.bin", 150_000);
            rig.Volume.Append("report.txt:summary", "more"u8);
            rig.Volume.Delete("gone.txt");
            rig.Volume.Append("secret.bin", "x"u8);
        }

        return rig;
    }

    private static void Populate(EngineRig rig)
    {
        rig.Volume.CreateFile("image.vhd", 200_000, seed: 1);
        rig.Volume.CreateFile("report.txt", 9000, seed: 2);
        rig.Volume.CreateStream("report.txt:summary", 5000, seed: 3);
        rig.Volume.CreateFile("gone.txt", 10, seed: 4);
        rig.Volume.CreateFile("secret.bin", 20_000, seed: 5);
        rig.Volume.Encrypt("secret.bin");
        rig.Volume.CreateDirectory("folder");
        rig.Volume.CreateStream("folder:notes", 6000, seed: 6);
        rig.Volume.CreateFile("folder/inner.txt", 30, seed: 7);
        rig.Volume.CreateFile("empty");
    }

    private static async Task<BackupException?> TryBackupAsync(
        EngineRig rig, Action<Harness.Engine.Backup.BackupReport>? onReport = null)
    {
        try
        {
            var report = await rig.BackupAsync();
            onReport?.Invoke(report);
            return null;
        }
        catch (BackupException error)
        {
            return error;
        }
    }

    /// <summary>What is there is readable, and a run without faults commits and gives back what it saw.</summary>
    private static async Task AssertGoesOnAsync(EngineRig rig, string context)
    {
        await rig.AssertAllWellAsync(context);
        rig.Volume.WriteGenerated("image.vhd", 11 * Page, Page, 200);
        var report = await rig.BackupAsync();
        Assert.That(report.RecoveryPoint, Is.EqualTo(rig.Snapshots.Count), context);
        Assert.That(report.Failed, Is.Empty, context);
        await rig.AssertAllWellAsync(context);
    }
}
