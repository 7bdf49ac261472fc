using Harness.Engine.Errors;
using Harness.Simulator.Scratch;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Prune;

/// <summary>When a run opens its session, looks for it, and asks what prunes have done (FORMAT.md section 13): seen at its calls to the vault.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SessionMomentTests
{
    /// <summary>What a run sends without looking into the index, and records without any content.</summary>
    [TestCase("packs/")]
    [TestCase("manifests/")]
    public async Task Backup_WritesWithoutALookIntoTheIndex_HasASessionFirst(string prefix)
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("secret.bin", 50_000, seed: 2);
        rig.Volume.Encrypt("secret.bin");
        await rig.BackupAsync();
        if (prefix == "packs/")
        {
            rig.Volume.Append("secret.bin", "x"u8);
        }
        else
        {
            rig.Volume.CreateDirectory("no content");
        }

        var written = 0;
        rig.WrapNextVault(vault => new InterposingVault(vault, call =>
        {
            if (call.Operation == "create" && call.Name.StartsWith(prefix, StringComparison.Ordinal))
            {
                written++;
                Assert.That(rig.Store.Names("sessions/"), Has.Count.EqualTo(1), call.Name);
            }

            return ValueTask.CompletedTask;
        }));
        await rig.BackupAsync();

        Assert.That(written, Is.Positive);
    }

    [Test]
    public async Task Backup_SessionWasTakenAwayBeforeTheCommit_CreatesNoCommit()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a", 50_000, seed: 1);
        var commits = 0;
        rig.WrapNextVault(vault => new InterposingVault(vault, call =>
        {
            if (call is { Operation: "create", Name: var name })
            {
                commits += name.StartsWith("commits/", StringComparison.Ordinal) ? 1 : 0;
                _ = name.StartsWith("packs/", StringComparison.Ordinal) && rig.Store.Remove(rig.Store.Names("sessions/")[0]);
            }

            return ValueTask.CompletedTask;
        }));

        await BackupErrors.ExpectAsync(ErrorCode.SessionBroken, () => rig.BackupAsync());

        Assert.That(commits, Is.Zero);
    }

    /// <summary>
    /// A run that changes nothing, on a machine that sleeps: others commit twenty times, a prune tells their first as gone, and the next one
    /// removes it and dies before it says so. The number is free again, and the run must not keep it.
    /// </summary>
    [Test]
    public async Task Backup_TheNumberItTakesWasFreedByAPruneThatDied_IsWithdrawn()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("stays.bin", 100_000, seed: 6);
        await rig.BackupAsync();
        var (isListed, isTold) = (false, false);
        rig.WrapNextVault(vault => new InterposingVault(vault, async call =>
        {
            if (isListed && !isTold)
            {
                isTold = true;
                await CommitAndForgetAsync(rig, 20);
                await rig.PruneAsync();
            }
            else if (call is { Operation: "create", Name: ['c', 'o', 'm', ..] })
            {
                rig.WrapNextVault(dying => new FaultyVault(dying, inner => inner is { Operation: "create", Name: ['g', 'c', ..] } ? VaultFault.Before : null));
                await BackupErrors.ExpectAsync(ErrorCode.VaultUnreachable, () => rig.PruneAsync());
                Assert.That(rig.Store.Names(call.Name), Is.Empty, "the number is free");
            }

            isListed |= call is { Operation: "list-more", Name: ['c', 'o', 'm', ..] };
        }));

        await BackupErrors.ExpectAsync(ErrorCode.CommitConflict, () => rig.BackupAsync());

        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
    }

    /// <summary>Runs of another machine; then all but the last recovery point is forgotten, and its time over.</summary>
    private static async Task CommitAndForgetAsync(EngineRig rig, int runs)
    {
        var scratch = new SimScratch(1L << 40);
        for (var i = 0; i < runs; i++)
        {
            rig.Volume.WriteGenerated("stays.bin", 8192, 4096, (ulong)i + 70);
            await rig.BackupAsync(request => request with { Scratch = scratch });
        }

        await rig.ForgetAsync([.. Enumerable.Range(1, runs).Select(point => (long)point)]);
        rig.Clock.Advance(TimeSpan.FromDays(20));
    }
}
