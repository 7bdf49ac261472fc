using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Simulator.Vaults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Prune;

/// <summary>The order of a prune's calls (FORMAT.md section 13): what others do between two of them must find a vault that is whole.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PruneOrderTests
{
    [Test]
    public async Task Prune_RemovesAPack_NoIndexNamesItAnyMore()
    {
        var rig = await RigAsync();
        await rig.PruneAsync();
        var removed = 0;
        rig.WrapNextVault(vault => new InterposingVault(vault, async call =>
        {
            if (call.Operation == "delete" && call.Name.StartsWith("packs/", StringComparison.Ordinal))
            {
                removed++;
                Assert.That(await IndexedPacksAsync(rig), Has.None.EqualTo(call.Name));
            }
        }));

        await rig.PruneAsync();

        Assert.That(removed, Is.Positive);
    }

    [Test]
    public async Task Prune_MovesWhatIsUsed_AnIndexNamesTheCopies()
    {
        var rig = await RigAsync(packBytes: 1 << 20);
        var before = rig.Store.Names("packs/");

        var moved = (await rig.PruneAsync(maxUnusedPercent: 0)).RepackedPacks;

        Assert.That(moved, Is.Positive);
        Assert.That(await IndexedPacksAsync(rig), Is.SupersetOf(rig.Store.Names("packs/").Except(before)));
    }

    /// <summary>Two runs send the same content; one pack of the two is damaged, and the other is half empty: its segments are moved, not dropped.</summary>
    [Test]
    public async Task Prune_TheOtherCopyIsDamaged_MovesThisOne([Range(1, 6)] int seed)
    {
        var one = new EngineRig((ulong)seed) { SourceName = "one" };
        var two = new EngineRig((ulong)seed + 100, store: one.Store) { SourceName = "two" };
        one.Volume.CreateFile("both.bin", 100_000, seed: 5);
        one.Volume.CreateFile("own.bin", 20_000, seed: 6);
        one.Volume.CreateFile("old.bin", 150_000, seed: 7);
        two.Volume.CreateFile("both.bin", 100_000, seed: 5);
        one.WrapNextVault(vault => new InterposingVault(vault, async call =>
        {
            if (call.Operation == "create" && call.Name.StartsWith("packs/", StringComparison.Ordinal))
            {
                await two.BackupAsync(request => request with { SourceName = "two" });
            }
        }));
        await one.BackupAsync(request => request with { SourceName = "one" });
        one.Volume.Delete("old.bin");
        await one.BackupAsync(request => request with { SourceName = "one" });
        await one.ForgetAsync(1);
        one.Clock.Advance(TimeSpan.FromDays(20));
        var smaller = one.Store.Names("packs/").MinBy(name => one.Store.LengthOf(name))!;
        one.Store.Corrupt(smaller, content => [.. content.Select((value, at) => at > 1000 && at < content.Length / 2 ? (byte)(value ^ 1) : value)]);

        await one.PruneAsync(maxUnusedPercent: 0);
        await one.PruneAsync(maxUnusedPercent: 0);

        Assert.That(await one.DifferencesAsync(2), Is.Empty);
    }

    /// <summary>
    /// A run takes what is condemned as present, since it began before, and ends while a prune looks: at each of its listings. Either its
    /// session is seen or its commit.
    /// </summary>
    [Test]
    public async Task Prune_ARunThatBeganBeforeEndsAtEachOfItsListings_RemovesNothingThatItUses()
    {
        for (var number = 0; ; number++)
        {
            var rig = await RigAsync();
            rig.Volume.CreateFile("again.bin", 200_000, seed: 5);
            var gate = new TaskCompletionSource();
            rig.WrapNextVault(vault => new InterposingVault(vault, async call =>
            {
                if (call.Operation == "create" && call.Name.StartsWith("commits/", StringComparison.Ordinal))
                {
                    await rig.PruneAsync();
                    await gate.Task;
                }
            }));
            var backup = rig.BackupAsync();
            Assert.That(backup.IsCompleted, Is.False);
            var listings = 0;
            rig.WrapNextVault(vault => new InterposingVault(vault, async call =>
            {
                if (call.Operation == "list" && listings++ == number)
                {
                    gate.SetResult();
                    await backup;
                }
            }));

            await rig.PruneAsync();

            if (!gate.Task.IsCompleted)
            {
                gate.SetResult();
                await backup;
                Assert.That(number, Is.GreaterThan(4));
                return;
            }

            Assert.That(await rig.DifferencesAsync(3), Is.Empty, $"listing {number}");
            Assert.That((await rig.CheckAsync()).Findings, Is.Empty, $"listing {number}");
        }
    }

    [Test]
    public async Task Prune_AnotherEndsFirst_GivesWay()
    {
        var rig = await RigAsync();
        rig.WrapNextVault(vault => new InterposingVault(vault, async call =>
        {
            if (call.Operation == "create" && call.Name.StartsWith("gc/", StringComparison.Ordinal))
            {
                await rig.PruneAsync();
            }
        }));

        await BackupErrors.ExpectAsync(ErrorCode.CommitConflict, () => rig.PruneAsync());

        Assert.That(rig.Store.Names("gc/"), Has.Count.EqualTo(1));
    }

    /// <summary>Two recovery points; the first was forgotten long ago, and alone holds 'old.bin'.</summary>
    private static async Task<EngineRig> RigAsync(int packBytes = 64 << 10)
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = packBytes } };
        rig.Volume.CreateFile("old.bin", 200_000, seed: 5);
        rig.Volume.CreateFile("stays.bin", 100_000, seed: 6);
        await rig.BackupAsync();
        rig.Volume.Delete("old.bin");
        await rig.BackupAsync();
        await rig.ForgetAsync(1);
        rig.Clock.Advance(TimeSpan.FromDays(20));
        return rig;
    }

    private static async Task<IReadOnlyList<string>> IndexedPacksAsync(EngineRig rig)
    {
        var repository = await RepositoryOpener.OpenAsync(new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), default);
        var reader = new IndexReader(repository);
        var packs = new List<string>();
        foreach (var name in rig.Store.Names("index/"))
        {
            packs.AddRange((await reader.ReadAsync(name, default)).Select(pack => BlobNames.Pack(pack.Hash)));
        }

        return packs;
    }
}
