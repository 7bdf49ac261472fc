using System.Globalization;
using Harness.Engine.Errors;
using Harness.Simulator.Compare;
using Harness.Tests.Engine.Damage;
using Harness.Tests.Fuzz;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Security;

/// <summary>
/// Documents of a vault altered in every way and sealed again by one who knows the passphrase: each job ends well or with a clear
/// error, and recovery points that do not rest on what was altered are restored as they were. HARNESS_HOSTILE_CASES=N tries N of each kind.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class HostileVaultTests
{
    private const int DefaultCases = 8;

    private static int Cases => int.TryParse(Environment.GetEnvironmentVariable("HARNESS_HOSTILE_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out var cases)
        ? cases
        : DefaultCases;

    [TestCase("manifests/")]
    [TestCase("commits/")]
    [TestCase("index/")]
    [TestCase("deleted/")]
    [TestCase("gc/")]
    [TestCase("sessions/")]
    public async Task Jobs_ADocumentAlteredAndSealedAgain_EndClearlyAndRestoreTheOthers(string kind)
    {
        var rig = await EveryKind.MakeAsync();
        var clean = rig.Store.Snapshot();
        var snapshots = rig.Snapshots.Count;
        var seeds = (await HostileVault.OfAsync(rig)) is { } first ? first.Names(kind).Select(first.Open).ToList() : [];
        var mutator = new Mutator(seed: 4);
        for (var i = 0; i < Cases; i++)
        {
            var hostile = await HostileVault.OfAsync(rig);
            var name = hostile.Names(kind)[^1];
            var document = mutator.Next(seeds);
            await hostile.ReplaceAsync(name, document);
            var context = $"{name}, case {i}: {Convert.ToHexString(document)}";

            await AssertClearAsync(context, () => rig.CheckAsync());
            await AssertClearAsync(context, () => rig.RecoveryPointsAsync());
            await AssertClearAsync(context, () => rig.RestoreAsync());
            if (kind is "manifests/" or "sessions/" or "index/")
            {
                await AssertRestoredAsync(rig, EveryKind.Kept[^1], context);
            }

            await AssertClearAsync(context, () => rig.BackupAsync());
            await AssertClearAsync(context, () => rig.PruneAsync());
            await AssertClearAsync(context, () => rig.RepairAsync());
            await AssertClearAsync(context, () => rig.ForgetAsync(3));
            rig.Store.Restore(clean);
            rig.Scratch = new(1L << 40);
        }

        Assert.That(snapshots, Is.EqualTo(6));
    }

    private static async Task AssertRestoredAsync(EngineRig rig, long point, string context)
    {
        var (report, volume) = await rig.RestoreAsync(point);
        var lost = report.Failed.Select(item => item.Path).ToList();
        Assert.That(VolumeComparer.Compare(rig.Snapshots[(int)point - 1], volume, new VolumeComparison { LeftOut = lost }), Is.Empty, context);

        // An index that names a pack in another way than it is hides it: what is in it is then lost, and told as lost.
        Assert.That(lost, context.StartsWith("index/", StringComparison.Ordinal) ? Is.Not.Null : Is.Empty, context);
    }

    /// <summary>No end but a good one or a documented error that is not the engine's own fault.</summary>
    private static async Task AssertClearAsync(string context, Func<Task> job)
    {
        try
        {
            await job();
        }
        catch (BackupException error)
        {
            Assert.That(error.Code, Is.Not.EqualTo(ErrorCode.InternalError), context);
            Assert.That(error.Message, Is.Not.Empty);
        }
#pragma warning disable CA1031 // What else comes is just what is looked for.
        catch (Exception error) when (error is not AssertionException and not SuccessException)
#pragma warning restore CA1031
        {
            Assert.Fail($"{context}\n{error}");
        }
    }
}
