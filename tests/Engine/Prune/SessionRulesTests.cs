using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Simulator.Vaults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Prune;

/// <summary>The rules of FORMAT.md section 13 for a writer's session and fence, each alone.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SessionRulesTests
{
    [Test]
    public async Task RequireAlive_SessionWasTakenAway_IsRefused()
    {
        var world = await World.OfAsync(points: 1);
        var fence = world.Fence(seen: 0, newest: 1);
        await fence.RequireSessionAsync(default);
        world.Rig.Store.Remove(fence.Name);

        await BackupErrors.ExpectAsync(ErrorCode.SessionBroken, async () => await fence.RequireAliveAsync(default));
    }

    [Test]
    public async Task RequireSession_OthersCommittedAndAPruneWentBy_IsRefused()
    {
        var world = await World.OfAsync(points: 3);
        await world.CondemnAsync(1, 2);

        await BackupErrors.ExpectAsync(ErrorCode.CommitConflict, async () => await world.Fence(seen: 0, newest: 1).RequireSessionAsync(default));
        Assert.That(async () => await world.Fence(seen: 0, newest: 3).RequireSessionAsync(default), Throws.Nothing);
    }

    [Test]
    public async Task Confirm_WithoutASessionAfterWhatIsGone_WithdrawsTheCommit()
    {
        var world = await World.OfAsync(points: 3);
        var commit = await world.CommitAsync(3);
        await world.CondemnAsync(1, 2);

        await BackupErrors.ExpectAsync(ErrorCode.CommitConflict, async () => await world.Fence(seen: 0, newest: 2).ConfirmAsync(commit, default));
        Assert.That(world.Rig.Store.Names(BlobNames.Commit(world.Source, 3)), Is.Empty);
    }

    [Test]
    public async Task Confirm_WithoutASessionAndNoPruneWentBy_LeavesTheCommit()
    {
        var world = await World.OfAsync(points: 3);
        var commit = await world.CommitAsync(3);
        await world.CondemnAsync(1, 2);

        await world.Fence(seen: 1, newest: 2).ConfirmAsync(commit, default);

        Assert.That(world.Rig.Store.Names(BlobNames.Commit(world.Source, 3)), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Confirm_WithoutASessionWhereAnotherCommitFollows_LeavesTheCommit()
    {
        var world = await World.OfAsync(points: 3);
        var commit = await world.CommitAsync(2);
        await world.CondemnAsync(1, 2);

        await world.Fence(seen: 0, newest: 1).ConfirmAsync(commit, default);

        Assert.That(world.Rig.Store.Names(BlobNames.Commit(world.Source, 2)), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Confirm_SessionWasTakenAwayAndAPackIsGone_WithdrawsUnlessAnotherCommitFollows([Values(2, 3)] int point)
    {
        var world = await World.OfAsync(points: 3);
        var commit = await world.CommitAsync(point);
        var session = await world.SessionAsync();
        world.Rig.Store.Remove(session.Name);
        world.LosePacks();

        await BackupErrors.ExpectAsync(ErrorCode.SessionBroken, async () => await session.ConfirmAsync(commit, default));
        Assert.That(world.Rig.Store.Names(BlobNames.Commit(world.Source, point)), Has.Count.EqualTo(point == 2 ? 1 : 0));
    }

    [Test]
    public async Task CommitVerifier_PackIsGoneOrCondemned_SaysThatTheCommitIsNotWhole()
    {
        var world = await World.OfAsync(points: 1);
        var commit = await world.CommitAsync(1);
        var packs = world.Rig.Store.Names(BlobNames.Packs).Select(name => Hash256.Parse(name.Split('/')[^1])!.Value).ToHashSet();

        var whole = await world.IsWholeAsync(commit, new HashSet<Hash256>());
        var condemned = await world.IsWholeAsync(commit, packs);
        world.LosePacks();
        var lost = await world.IsWholeAsync(commit, new HashSet<Hash256>());

        Assert.That((whole, condemned, lost), Is.EqualTo((true, false, false)));
    }

    [Test]
    public async Task Close_AfterACommit_EndsEarlierSessionsAndTheirCheckpointsOnly()
    {
        var world = await World.OfAsync(points: 1);
        var sessions = new[] { await world.SessionAsync(), await world.SessionAsync(), await world.SessionAsync() };
        foreach (var session in sessions)
        {
            await new MemoryVault(world.Rig.Store).CreateAsync(BlobNames.Checkpoint(session.Name, 1), new byte[] { 1 }, default);
        }

        await sessions[1].CloseAsync(committed: true, default);

        Assert.That(
            world.Rig.Store.Names(BlobNames.Sessions),
            Is.EquivalentTo(new[] { sessions[2].Name, BlobNames.Checkpoint(sessions[2].Name, 1) }));
    }

    /// <summary>A vault of some recovery points, as a writer of the same source sees it.</summary>
    private sealed record World(EngineRig Rig, Repository Repository, string Source)
    {
        public static async Task<World> OfAsync(int points)
        {
            var rig = new EngineRig();
            for (var i = 1; i <= points; i++)
            {
                rig.Volume.CreateFile($"file {i}", 20_000, seed: (ulong)i);
                await rig.BackupAsync();
            }

            var repository = await RepositoryOpener.OpenAsync(new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), default);
            return new World(rig, repository, rig.Store.Names(BlobNames.Commits)[0].Split('/')[1]);
        }

        public WriterFence Fence(long seen, long newest) => new(Repository, Rig.Services, Source, seen, newest);

        public ValueTask<WriterSession> SessionAsync() => WriterSession.OpenAsync(Repository, Rig.Services, Source, "test", default);

        public ValueTask<Commit> CommitAsync(long point) => new CommitLog(Repository).ReadAsync(Source, point, default);

        public ValueTask<bool> IsWholeAsync(Commit commit, IReadOnlySet<Hash256> unusable) =>
            new CommitVerifier(Repository, Rig.Services, unusable).IsWholeAsync(commit, default);

        public void LosePacks()
        {
            foreach (var name in Rig.Store.Names(BlobNames.Packs))
            {
                Rig.Store.Remove(name);
            }
        }

        /// <summary>Forgets points and lets one prune tell them as gone, in gc blob 1; none of their blobs is removed yet.</summary>
        public async Task CondemnAsync(params long[] points)
        {
            await Rig.ForgetAsync(points);
            Rig.Clock.Advance(TimeSpan.FromDays(20));
            await Rig.PruneAsync();
        }
    }
}
