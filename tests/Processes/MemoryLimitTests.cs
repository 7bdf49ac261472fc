using Harness.Scenarios.Searches.Processes;
using Harness.Tests.CommandLine;
using NUnit.Framework;

namespace Harness.Tests.Processes;

/// <summary>The real program with little memory: it comes to its end, or says that memory is short; and nothing is lost.</summary>
[Platform("Linux", Reason = "Directories are read on Linux.")]
public sealed class MemoryLimitTests
{
    private const int Files = 3_000;
    private const int FileBytes = 700;
    private const int LongFileBytes = 24 << 20;
    private const string EnoughBytes = "0xB400000"; // 180 MiB
    private const string TooFewBytes = "0x2800000"; // 40 MiB: two packs and a half. With much less the runtime itself does not come up.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Test]
    public async Task Backup_WithLittleMemory_EndsWellOrSaysSoAndLosesNothing()
    {
        using var area = new WorkArea();
        var engine = new RealEngine(area.Root) { Parameters = new() { KdfIterations = 1 } };
        new TreeEdits(Path.Combine(engine.Source, "first"), 1, long.MaxValue).Create(1, 100);
        await engine.BackupAsync();
        new TreeEdits(engine.Source, 2, long.MaxValue).Create(Files, FileBytes);
        new TreeEdits(Path.Combine(engine.Source, "long"), 3, long.MaxValue).Create(1, LongFileBytes);

        var starved = await BackupAsync(area, engine, TooFewBytes);
        Assert.That(await engine.PointsAsync(), Is.EqualTo(new[] { 1L }), starved.Error);
        Assert.That((await engine.CheckAsync()).Findings, Is.Empty);
        var fed = await BackupAsync(area, engine, EnoughBytes);

        Assert.That(starved.Exit, Is.EqualTo(5), starved.Error);
        Assert.That(starved.Error, Does.Contain("error MemoryShort: "));
        Assert.That(fed.Exit, Is.Zero, fed.Error);
        await engine.RestoreAsync();
        Assert.That(TreeImage.Of(engine.Source).DifferencesTo(TreeImage.Of(engine.Restored)), Is.Empty);
    }

    private static async Task<ProcessEnd> BackupAsync(WorkArea area, RealEngine engine, string heapBytes)
    {
        var environment = area.Environment;
        environment["DOTNET_GCHeapHardLimit"] = heapBytes;
        using var process = HarnessProcess.Start(
            environment,
            "backup", engine.Source, "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--allow-case-sensitive",
            "--scratch", engine.ScratchDirectory, "--json");
        return await process.EndAsync(Patience);
    }
}
