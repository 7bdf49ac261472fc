using System.Globalization;
using Harness.Engine.Restore;
using Harness.Scenarios.Searches.Processes;
using Harness.Simulator.Content;
using NUnit.Framework;

namespace Harness.Tests.Processes;

/// <summary>
/// Processes on a real disk are killed before a chosen call to it, and run again: no committed recovery point is lost, and what was
/// packed is neither sent nor read again. HARNESS_PROCESS_KILLS sets how many kills each verb gets (a number, or "all").
/// </summary>
[Platform("Linux", Reason = "Directories are read on Linux.")]
[Parallelizable(ParallelScope.All)]
public sealed class KilledProcessTests
{
    private const ulong Seed = 20261123;
    private const int Files = 48;
    private const int FileBytes = 50_000;
    private const int SoftDeleteDays = 15;

    /// <summary>Footers and the rest of a pack, of what is too short to fill one.</summary>
    private const long PackOverheadBytes = 32 << 10;

    /// <summary>Index, manifest, commit and checkpoints of so few files.</summary>
    private const long MetadataBytes = 64 << 10;

    /// <summary>Two uploads under way, the pack that is being filled, and what the pipeline holds of short files.</summary>
    private const long UnderWayBytes = (4 * RealEngine.PackBytes) + (32 * FileBytes);

    private static string Kills => Environment.GetEnvironmentVariable("HARNESS_PROCESS_KILLS") ?? "";

    [Test]
    public async Task Backup_KilledAtACall_LosesNothingAndGoesOnWhereItWas([Values] bool isFirst)
    {
        foreach (var call in await CallsOfAsync("backup", isFirst ? FreshAsync : TwoPointsAndEditsAsync, 0))
        {
            using var area = new ProcessArea();
            var engine = new RealEngine(area.Root);
            var images = await (isFirst ? FreshAsync(engine) : TwoPointsAndEditsAsync(engine));
            var now = TreeImage.Of(engine.Source);
            var before = engine.PackedBytes();

            _ = await DyingEngine.StartAsync("backup", area.Root, 0, call);
            var context = $"backup killed before call {call}";
            var committed = (await engine.PointsAsync()).Count - images.Count;
            Assert.That(committed, Is.InRange(0, 1), context);
            images.AddRange(Enumerable.Repeat(now, committed));
            await AssertAllWellAsync(engine, images, context);

            var sent = engine.PackedBytes() - before;
            var report = await engine.BackupAsync();
            images.Add(now);

            Assert.That(report.RecoveryPoint, Is.EqualTo(images.Count), context);
            Assert.That(report.StoredBytes, Is.LessThanOrEqualTo((committed == 1 ? 0 : (Files * FileBytes) - sent) + PackOverheadBytes + MetadataBytes), context);
            Assert.That(engine.PackedBytes() - before, Is.LessThanOrEqualTo((Files * FileBytes) + PackOverheadBytes), $"{context}: packs hold something twice");
            Assert.That(report.ReadBytes, Is.LessThanOrEqualTo((Files * FileBytes) - sent + UnderWayBytes), context);
            await AssertAllWellAsync(engine, images, context);
            Assert.That((await engine.CheckAsync()).Unreferenced, Is.Empty, context);
        }
    }

    [Test]
    public async Task Prune_KilledAtACall_LosesNothingAndEndsItsWorkNextTime()
    {
        foreach (var call in await CallsOfAsync("prune", ForgottenAsync, SoftDeleteDays))
        {
            using var area = new ProcessArea();
            var images = await ForgottenAsync(new RealEngine(area.Root));
            var later = new RealEngine(area.Root, days: SoftDeleteDays);

            _ = await DyingEngine.StartAsync("prune", area.Root, SoftDeleteDays, call);
            await AssertAllWellAsync(later, images, $"prune killed before call {call}", from: 1);
            _ = await later.PruneAsync();
            _ = await later.PruneAsync();

            await AssertAllWellAsync(later, images, $"prune killed before call {call}, and run again", from: 1);
            Assert.That((await later.CheckAsync()).Unreferenced, Is.Empty);
        }
    }

    [Test]
    public async Task Restore_KilledAtACall_IsEndedByTheNextOne()
    {
        foreach (var call in await CallsOfAsync("restore", TwoPointsAndEditsAsync, 0))
        {
            using var area = new ProcessArea();
            var engine = new RealEngine(area.Root);
            var images = await TwoPointsAndEditsAsync(engine);

            _ = await DyingEngine.StartAsync("restore", area.Root, 0, call);
            _ = await engine.RestoreAsync(onCollision: CollisionPolicy.Overwrite);

            Assert.That(images[^1].DifferencesTo(TreeImage.Of(engine.Restored)), Is.Empty, $"restore killed before call {call}");
        }
    }

    [Test]
    public async Task Repair_KilledAtACall_LowersNothing()
    {
        foreach (var call in await CallsOfAsync("repair", LostIndexAsync, 0))
        {
            using var area = new ProcessArea();
            var engine = new RealEngine(area.Root);
            var images = await LostIndexAsync(engine);

            _ = await DyingEngine.StartAsync("repair", area.Root, 0, call);
            _ = await engine.RepairAsync();

            await AssertAllWellAsync(engine, images, $"repair killed before call {call}");
        }
    }

    [Test]
    public async Task Forget_KilledAtACall_ForgetsOrDoesNot()
    {
        foreach (var call in await CallsOfAsync("forget", TwoPointsAndEditsAsync, 0))
        {
            using var area = new ProcessArea();
            var engine = new RealEngine(area.Root);
            var images = await TwoPointsAndEditsAsync(engine);

            _ = await DyingEngine.StartAsync("forget", area.Root, 0, call);
            await AssertAllWellAsync(engine, images, $"forget killed before call {call}", from: 1);
            _ = await engine.ForgetAsync(1);

            Assert.That(await engine.PointsAsync(), Is.EqualTo(new[] { 2L }));
        }
    }

    /// <summary>The calls before which a verb is killed, of those that an undisturbed run makes.</summary>
    private static async Task<IReadOnlyList<long>> CallsOfAsync(string verb, Func<RealEngine, Task<List<TreeImage>>> prepare, int days)
    {
        using var area = new ProcessArea();
        await prepare(new RealEngine(area.Root));
        var calls = 0L;
        await DyingEngine.RunAsync(verb, new RealEngine(
            area.Root,
            () =>
            {
                Interlocked.Increment(ref calls);
                return default;
            },
            days));
        if (Kills == "all")
        {
            return [.. Enumerable.Range(1, (int)calls).Select(call => (long)call)];
        }

        var choices = new SeededSequence(Mix.Of(Seed, verb));
        var kills = int.TryParse(Kills, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 1;
        return [.. Enumerable.Range(0, kills).Select(_ => 1 + choices.Below(calls))];
    }

    private static Task<List<TreeImage>> FreshAsync(RealEngine engine)
    {
        new TreeEdits(engine.Source, Seed, long.MaxValue).Create(Files, FileBytes);
        return Task.FromResult(new List<TreeImage>());
    }

    private static async Task<List<TreeImage>> TwoPointsAndEditsAsync(RealEngine engine)
    {
        new TreeEdits(engine.Source, Seed + 1, long.MaxValue).Create(3, FileBytes);
        var images = new List<TreeImage>();
        for (var i = 0; i < 2; i++)
        {
            await engine.BackupAsync();
            images.Add(TreeImage.Of(engine.Source));
            new TreeEdits(Path.Combine(engine.Source, $"{i}"), Seed + 2 + (ulong)i, long.MaxValue).Create(i == 0 ? 3 : Files, FileBytes);
        }

        return images;
    }

    private static async Task<List<TreeImage>> ForgottenAsync(RealEngine engine)
    {
        new TreeEdits(engine.Source, Seed + 3, long.MaxValue).Create(12, FileBytes);
        await engine.BackupAsync();
        Directory.Delete(Path.Combine(engine.Source, "d"), recursive: true);
        await engine.BackupAsync();
        await engine.ForgetAsync(1);
        var image = TreeImage.Of(engine.Source);
        return [image, image];
    }

    private static async Task<List<TreeImage>> LostIndexAsync(RealEngine engine)
    {
        var images = await TwoPointsAndEditsAsync(engine);
        Directory.EnumerateFiles(Path.Combine(engine.VaultDirectory, "index"), "*", SearchOption.AllDirectories).Take(1).ToList().ForEach(File.Delete);
        return images;
    }

    /// <summary>Each recovery point restores equal to its image, and every byte of the vault is sound.</summary>
    private static async Task AssertAllWellAsync(RealEngine engine, IReadOnlyList<TreeImage> images, string context, int from = 0)
    {
        if (images.Count == 0)
        {
            return;
        }

        Assert.That((await engine.CheckAsync()).Findings, Is.Empty, context);
        for (var point = from; point < images.Count; point++)
        {
            await engine.RestoreAsync(point + 1);
            Assert.That(images[point].DifferencesTo(TreeImage.Of(engine.Restored)), Is.Empty, $"{context}: recovery point {point + 1}");
            Directory.Delete(engine.Restored, recursive: true);
        }
    }
}
