using Harness.Engine.Errors;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Damage;

/// <summary>
/// A vault that is full, or denies one kind of call, from each call of each job on, for good: the job says so, no committed
/// recovery point is lost, and when the vault obeys again everything goes on.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class RefusingVaultTests
{
    private const int MostCalls = 300;

    public static readonly (string Job, Func<EngineRig, Task> Run)[] Jobs =
    [
        ("backup", rig => rig.BackupAsync()),
        ("forget", rig => rig.ForgetAsync(5)),
        ("undelete", rig => rig.UndeleteAsync(4)),
        ("prune", rig => rig.PruneAsync(maxUnusedPercent: 0)),
        ("repair", rig => rig.RepairAsync()),
    ];

    [Test]
    public async Task Job_VaultRefusesACallFromSomeMomentOn_LosesNothing(
        [Values("backup", "forget", "undelete", "prune", "repair")] string job,
        [Values("create", "delete", "list", "read", "length")] string operation)
    {
        var code = operation == "create" ? ErrorCode.VaultFull : ErrorCode.VaultAccessDenied;
        var start = await StartAsync();
        var clean = start.Store.Snapshot();
        for (var number = 0; number < MostCalls; number++)
        {
            var rig = await StartAsync();
            Assert.That(rig.Store.Snapshot().Keys, Is.EqualTo(clean.Keys));
            var seen = 0;
            rig.WrapVault = vault => new FaultyVault(
                vault,
                call => call.Operation.StartsWith(operation, StringComparison.Ordinal) && seen++ >= number ? VaultFault.Before : null,
                code);
            var error = await TryAsync(() => Jobs.Single(item => item.Job == job).Run(rig));
            rig.WrapVault = static vault => vault;

            var context = $"{job}, {operation} {number}: {error?.Message}";
            Assert.That(error?.Code, Is.EqualTo(seen > number ? code : (ErrorCode?)null).Or.Null, context);
            await AssertGoesOnAsync(rig, context);
            if (seen <= number)
            {
                Assert.That(error, Is.Null, context);
                return;
            }
        }

        Assert.Fail("The job never ended.");
    }

    private static async Task<EngineRig> StartAsync()
    {
        var rig = await EveryKind.MakeAsync();
        await rig.PruneAsync(breakSession: rig.Store.Names("sessions/").Single());
        rig.Volume.AppendGenerated("stays.bin", 3000, seed: 500);
        rig.Volume.CreateFile("fresh.bin", 100_000, seed: 501);
        return rig;
    }

    private static async Task<BackupException?> TryAsync(Func<Task> job)
    {
        try
        {
            await job();
            return null;
        }
        catch (BackupException error)
        {
            return error;
        }
    }

    private static async Task AssertGoesOnAsync(EngineRig rig, string context)
    {
        foreach (var point in await rig.RecoveryPointsAsync())
        {
            Assert.That(await EveryKind.RestoreAsync(rig, point.RecoveryPoint, context), Is.Null, context);
        }

        var report = await rig.BackupAsync();
        await rig.PruneAsync();
        await rig.PruneAsync();
        foreach (var point in EveryKind.Kept.Where(point => point != 5).Append(report.RecoveryPoint!.Value))
        {
            Assert.That(await EveryKind.RestoreAsync(rig, point, context), Is.Null, context);
        }

        Assert.That((await rig.CheckAsync(readData: false)).Findings, Is.Empty, context);
    }
}
