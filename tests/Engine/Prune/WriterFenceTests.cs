using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Simulator.Vaults;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Engine.Yielding;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Prune;

/// <summary>One session for a run, however many of its parts ask for it at once.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class WriterFenceTests
{
    [Test]
    public async Task RequireSession_ManyAskWhileItIsBeingOpened_OpensOne([Range(0, 9)] int seed)
    {
        var (rig, source) = await RigAsync();
        var pump = new SingleThreadPump(seed);

        var names = pump.Run(async () =>
        {
            var fence = await FenceAsync(rig, source, vault => new YieldingVault(vault, pump));
            var askers = Enumerable.Range(0, 5).Select(async i =>
            {
                _ = i % 2 == 0 ? await fence.UnusablePacksAsync(default) : null;
                await fence.RequireSessionAsync(default);
                await fence.RequireAliveAsync(default);
                return fence.Name;
            });
            return await Task.WhenAll(askers);
        });

        Assert.That(rig.Store.Names("sessions/"), Is.EqualTo(names.Distinct()));
        Assert.That(names.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task RequireSession_OpeningFails_FailsForAllAndLeavesNoSession([Range(0, 9)] int seed)
    {
        var (rig, source) = await RigAsync();
        var pump = new SingleThreadPump(seed);

        var errors = pump.Run(async () =>
        {
            // The session is there, and what comes after it fails.
            var fence = await FenceAsync(
                rig,
                source,
                vault => new YieldingVault(
                    new FaultyVault(vault, call => call is { Operation: "list", Name: "gc/" } ? VaultFault.Before : null), pump));
            var askers = Enumerable.Range(0, 4).Select(async _ =>
            {
                try
                {
                    await fence.RequireSessionAsync(default);
                    return (ErrorCode?)null;
                }
                catch (BackupException error)
                {
                    return error.Code;
                }
            });
            var found = await Task.WhenAll(askers);
            await fence.AbandonAsync();
            return found;
        });

        Assert.That(errors, Is.All.EqualTo(ErrorCode.VaultUnreachable));
        Assert.That(rig.Store.Names("sessions/"), Has.Count.LessThanOrEqualTo(1), "what cannot be told of cannot be closed, and is one");
    }

    [Test]
    public async Task Abandon_WhileTheSessionIsBeingOpened_WaitsAndClosesIt([Range(0, 9)] int seed)
    {
        var (rig, source) = await RigAsync();
        var pump = new SingleThreadPump(seed);

        _ = pump.Run(async () =>
        {
            var fence = await FenceAsync(rig, source, vault => new YieldingVault(vault, pump));
            var opening = fence.RequireSessionAsync(default).AsTask();
            await fence.AbandonAsync();
            Assert.That(opening.IsCompleted, Is.True);
            return true;
        });

        Assert.That(rig.Store.Names("sessions/"), Is.Empty);
    }

    private static async Task<(EngineRig Rig, string Source)> RigAsync()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a", 10);
        await rig.BackupAsync();
        return (rig, rig.Store.Names("commits/")[0].Split('/')[1]);
    }

    private static async Task<WriterFence> FenceAsync(
        EngineRig rig, string source, Func<Harness.Engine.Ports.IVault, Harness.Engine.Ports.IVault> wrap)
    {
        var repository = await RepositoryOpener.OpenAsync(
            wrap(new MemoryVault(rig.Store)), new Passphrase(rig.Passphrase), default);
        return new WriterFence(repository, rig.Services, source, seen: 0, newest: 1);
    }
}
