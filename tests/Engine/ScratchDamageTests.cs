using Harness.Engine.Backup;
using Harness.Engine.Check;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Engine.Prune;
using Harness.Engine.Repair;
using Harness.Engine.Restore;
using Harness.Engine.Rules;
using Harness.Engine.Verify;
using Harness.Simulator.Restore;
using Harness.Simulator.Scratch;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Vaults;
using Harness.Simulator.Volume;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>A disk that gives back other bytes than were written, again after everything was made anew: one clear error, nothing lost.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ScratchDamageTests
{
    private const int SpoiledByte = 100;

    [Test]
    public async Task Backup_ScratchSpoilsTheRebuiltStateToo_SaysSoAndTheNextRunOnAnotherDiskCommits()
    {
        var rig = await RigAsync();
        var failed = 0;
        rig.WrapScratch = scratch => new SpoiledScratch(scratch, SpoiledByte);
        rig.Volume.WriteGenerated("a.bin", 0, 5000, seed: 9);

        var error = await BackupErrors.ExpectAsync(
            ErrorCode.ScratchDamaged, () => rig.BackupAsync(request => request with { OnFailed = _ => failed++ }));

        Assert.That(error.Remedy, Does.Contain("--scratch"));
        Assert.That(failed, Is.EqualTo(1));
        Assert.That(rig.Store.Names("commits/"), Has.Count.EqualTo(2));
        Assert.That(rig.Store.Names("sessions/").Where(name => !name.Contains('.', StringComparison.Ordinal)), Is.Empty);
        rig.WrapScratch = static scratch => scratch;
        rig.Scratch = new(1L << 40);
        await rig.BackupAsync();
        await rig.AssertAllWellAsync();
    }

    [TestCase("restore")]
    [TestCase("verify")]
    [TestCase("check")]
    [TestCase("prune")]
    [TestCase("repair")]
    public async Task Job_TemporaryLocationSpoilsItsTables_SaysSoAndChangesNothing(string job)
    {
        var rig = await RigAsync();
        var before = rig.Store.Snapshot();

        var error = await BackupErrors.ExpectAsync(ErrorCode.ScratchDamaged, () => RunAsync(rig, job, SpoiledByte));

        Assert.That(error.Message, Does.Contain("scratch file"));
        Assert.That(error.Remedy, Does.Contain("The vault is not harmed"));
        Assert.That(rig.Store.Snapshot(), Is.EqualTo(before));
        Assert.That(async () => await RunAsync(rig, job, long.MaxValue), Throws.Nothing);
    }

    private static async Task RunAsync(EngineRig rig, string job, long spoiledByte)
    {
        var location = new SimScratch(1L << 40);
        var services = rig.Services with { WorkLocation = new SpoiledScratch(location, spoiledByte), WorkMemoryBytes = 0 };
        var (vault, passphrase) = (new MemoryVault(rig.Store), new Passphrase(rig.Passphrase));
        try
        {
            await (job switch
            {
                "restore" => RestoreAsync(rig, services, vault),
                "verify" => new VerifyJob(services).RunAsync(
                    new VerifyRequest
                    {
                        Vault = vault,
                        Passphrase = passphrase,
                        Source = new SimDataSource(rig.Volume, "", rig.Faults),
                        Profile = ProfileCatalog.Load(ProfileCatalog.DefaultId),
                    },
                    default).AsTask(),
                "check" => new CheckJob(services).RunAsync(new CheckRequest { Vault = vault, Passphrase = passphrase }, default).AsTask(),
                "prune" => new PruneJob(services).RunAsync(new PruneRequest { Vault = vault, Passphrase = passphrase }, default).AsTask(),
                _ => (Task)new RepairJob(services).RunAsync(new RepairRequest { Vault = vault, Passphrase = passphrase }, default).AsTask(),
            });
        }
        finally
        {
            Assert.That(location.UsedBytes, Is.Zero, "what was put there is deleted");
        }
    }

    private static Task RestoreAsync(EngineRig rig, EngineServices services, IVault vault) => new RestoreJob(services).RunAsync(
        new RestoreRequest
        {
            Vault = vault,
            Passphrase = new Passphrase(rig.Passphrase),
            Target = new SimRestoreTarget(new SimVolume(rig.Volume.Settings, rig.Clock)),
        },
        default).AsTask();

    private static async Task<EngineRig> RigAsync()
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        rig.Volume.CreateFile("a.bin", 50_000, seed: 1);
        rig.Volume.CreateFile("b.bin", 5000, seed: 2);
        await rig.BackupAsync();
        rig.Volume.CreateFile("c.bin", 5000, seed: 3);
        await rig.BackupAsync();
        return rig;
    }
}
