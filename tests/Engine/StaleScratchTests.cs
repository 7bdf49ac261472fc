using Harness.Engine.Ports;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>
/// Files of the scratch location from another time: whole, authentic and wrong, as a disk leaves them that loses writes. Nothing they say
/// is believed.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class StaleScratchTests
{
    private const int ContentBytes = 90_000;

    [Test]
    public async Task Fingerprints_OfOtherContent_DoNotMakeAChangeLookUnchanged()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a", ContentBytes, seed: 1);
        await rig.BackupAsync();
        var (pages, before) = await FileAsync(rig, "-pages-");
        Write(rig, seed: 2);
        await rig.BackupAsync();
        var wanted = (await ReadAsync(rig, pages))[before.Length..];
        Write(rig, seed: 3);
        await rig.BackupAsync();
        var now = await ReadAsync(rig, pages);
        Assert.That(now, Has.Length.EqualTo(before.Length + (2 * wanted.Length)));
        await ReplaceAsync(rig, pages, [.. now[..^wanted.Length], .. wanted]);
        Write(rig, seed: 2);

        var report = await rig.BackupAsync();

        Assert.That(report.Fallbacks.Select(note => note.Code), Does.Contain("fingerprints-rebuilt"));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task StateTable_OfAnEarlierRun_IsNotTakenForTheOneThatTheHeadNames()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a", ContentBytes, seed: 1);
        await rig.BackupAsync();
        var (_, old) = await FileAsync(rig, "-table-");
        rig.Volume.Rename("a", "b");
        await rig.BackupAsync();
        var (name, _) = await FileAsync(rig, "-table-");
        await ReplaceAsync(rig, name, old);
        rig.Volume.CreateFile("c", 100, seed: 3);

        var report = await rig.BackupAsync();

        Assert.That(report.Fallbacks.Select(note => note.Code), Does.Contain("scratch-rebuilt"));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task SegmentTable_OfBeforeAPrune_DoesNotMakeRemovedSegmentsLookPresent()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a", ContentBytes, seed: 1);
        await rig.BackupAsync();
        var (_, old) = await FileAsync(rig, "-segments-");
        rig.Volume.Delete("a");
        rig.Volume.CreateFile("b", ContentBytes, seed: 2);
        await rig.BackupAsync();
        await rig.ForgetAsync(1);
        rig.Clock.Advance(TimeSpan.FromDays(15));
        await rig.PruneAsync();
        Assert.That((await rig.PruneAsync()).RemovedPacks, Is.Positive);
        rig.Volume.CreateFile("c", ContentBytes, seed: 3);
        await rig.BackupAsync();
        foreach (var name in (await rig.Scratch.ListAsync(CancellationToken.None)).Where(name => name.Contains("-segments-", StringComparison.Ordinal)))
        {
            await ReplaceAsync(rig, name, old);
        }

        rig.Volume.CreateFile("a", ContentBytes, seed: 1);
        await rig.BackupAsync();

        Assert.That(await rig.DifferencesAsync(4), Is.Empty);
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
    }

    private static void Write(EngineRig rig, ulong seed)
    {
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        rig.Volume.WriteGenerated("a", 0, ContentBytes, seed);
    }

    /// <summary>The newest file of a kind.</summary>
    private static async Task<(string Name, byte[] Content)> FileAsync(EngineRig rig, string kind)
    {
        var names = await rig.Scratch.ListAsync(CancellationToken.None);
        var name = names.Where(name => name.Contains(kind, StringComparison.Ordinal)).OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal).Last();
        return (name, await ReadAsync(rig, name));
    }

    private static async Task<byte[]> ReadAsync(EngineRig rig, string name)
    {
        var content = new byte[(await rig.Scratch.GetLengthAsync(name, CancellationToken.None))!.Value];
        await rig.Scratch.ReadAsync(name, 0, content, CancellationToken.None);
        return content;
    }

    private static async Task ReplaceAsync(EngineRig rig, string name, byte[] content)
    {
        IScratch scratch = rig.Scratch;
        await scratch.DeleteAsync(name, CancellationToken.None);
        await scratch.AppendAsync(name, content, CancellationToken.None);
    }
}
