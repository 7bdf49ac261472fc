using Harness.Scenarios.Searches.Processes;
using Harness.Tests.CommandLine;
using NUnit.Framework;

namespace Harness.Tests.Processes;

/// <summary>
/// The real program, ended by a signal in mid-run: it says so, leaves a checkpoint, and the next run neither sends nor reads again what
/// was packed.
/// </summary>
[Platform("Linux", Reason = "Directories are read on Linux.")]
[Parallelizable(ParallelScope.All)]
public sealed class SignalTests
{
    /// <summary>So many that the run still has most of a minute before it when the signal comes, however late that is.</summary>
    private const int Files = 1_000;
    private const int FileBytes = 50_000;

    /// <summary>What a segment takes in its pack and in the pack's footer beside its bytes, with the pack's own part of it.</summary>
    private const int SegmentBytes = 128;
    private const int PacksBeforeTheSignal = 10;
    private const int CancelledExit = 3;
    private const long SlackBytes = (4 * RealEngine.PackBytes) + (32 * FileBytes);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [TestCase("INT", true)]
    [TestCase("TERM", false)]
    public async Task Backup_EndedBySignal_IsResumedWhereItWas(string signal, bool isScratchLost)
    {
        using var area = new WorkArea();
        var engine = new RealEngine(area.Root);
        new TreeEdits(Path.Combine(engine.Source, "first"), 5, long.MaxValue).Create(1, 100);
        await engine.BackupAsync();
        new TreeEdits(engine.Source, 6, long.MaxValue).Create(Files, FileBytes);
        string[] backup =
        [
            "backup", engine.Source, "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--allow-case-sensitive", "--json",
            "--failed-files", area.In("failed.txt"), "--scratch",
        ];

        ProcessEnd end;
        using (var process = HarnessProcess.Start(area.Environment, [.. backup, engine.ScratchDirectory, "--limit-upload", "1M"]))
        {
            await UntilAsync(() => engine.PackedBytes() >= PacksBeforeTheSignal * RealEngine.PackBytes);
            await process.SignalAsync(signal);
            end = await process.EndAsync(Patience);
        }

        Assert.That(end.Exit, Is.EqualTo(CancelledExit), end.Error);
        Assert.That(end.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("Cancelled"));
        Assert.That(await File.ReadAllLinesAsync(area.In("failed.txt")), Has.Length.EqualTo(1).And.One.StartsWith("\trun-failed\tCancelled: "));
        Assert.That(Directory.EnumerateFiles(Path.Combine(engine.VaultDirectory, "sessions"), "*", SearchOption.AllDirectories), Is.Not.Empty, "a checkpoint");
        var sent = engine.PackedBytes();
        var scratch = isScratchLost ? area.In("another-scratch") : engine.ScratchDirectory;
        using var again = HarnessProcess.Start(area.Environment, [.. backup, scratch]);
        var report = (await again.EndAsync(Patience)).Json;

        // Where only the vault knows, what was sent since its last checkpoint is read again, and still not sent.
        var slack = SlackBytes + (isScratchLost ? 8 * RealEngine.PackBytes : 0);
        Assert.That(report.GetProperty("recoveryPoint").GetInt64(), Is.EqualTo(2));
        Assert.That(report.GetProperty("warnings").EnumerateArray().Select(note => note.GetProperty("code").GetString()), Does.Contain("run-resumed"));
        Assert.That(engine.PackedBytes(), Is.LessThan((Files * (FileBytes + SegmentBytes)) + (64 << 10)), "packs hold something twice");
        Assert.That(report.GetProperty("readBytes").GetInt64(), Is.LessThan((Files * FileBytes) - sent + slack));
        Assert.That((await engine.CheckAsync()).Findings, Is.Empty);
    }

    /// <summary>Looks again and again, as somebody at a keyboard does, until it is so.</summary>
    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!isSo() && await timer.WaitForNextTickAsync(patience.Token))
        {
        }
    }
}
