using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Simulator.Snapshots;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>Each figure of a run's report against a count that is taken elsewhere: at the ports, on the volume, by the clock.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ReportFiguresTests
{
    private const int Page = 4096;
    private static readonly TimeSpan PerCall = TimeSpan.FromMilliseconds(10);

    [Test]
    public async Task Report_OfAFullAndAnIncrementalRun_HasTheFiguresOfTheCounts()
    {
        var (rig, counts) = Counted();

        var full = await rig.BackupAsync();
        AssertCounted(full, counts, rig);
        Assert.That(full.Mode, Is.EqualTo(BackupMode.Full));

        // The encrypted file counts as its raw stream: whole sectors, and two bytes that say how many of the last are padding.
        Assert.That(full.ChangedBytes, Is.EqualTo(200_000 + 9000 + 5000 + 20_482));
        Assert.That(full.ScratchPeakBytes, Is.EqualTo(rig.Scratch.PeakBytes));

        rig.Volume.WriteGenerated("image.vhd", 7 * Page, 2 * Page, 100);
        rig.Volume.AppendGenerated("report.txt", 1000, 101);
        counts.Reset();
        var next = await rig.BackupAsync();

        AssertCounted(next, counts, rig);
        Assert.That(next.Mode, Is.EqualTo(BackupMode.Incremental));

        // Whole pages: two of the image, and the last one of the document, which was of 808 bytes and is of 1,808.
        Assert.That(next.ChangedBytes, Is.EqualTo((2 * Page) + 1808));
        Assert.That(next.ScratchPeakBytes, Is.LessThanOrEqualTo(rig.Scratch.PeakBytes).And.GreaterThan(rig.Scratch.UsedBytes / 2));
    }

    [Test]
    public async Task Report_OfAPartlyFailedRun_ListsEachFailureWithItsClauseAndCountsTheRest()
    {
        var (rig, counts) = Counted();
        rig.Faults.Fail("report.txt", SourceFault.Locked).Fail("image.vhd", SourceFault.ReadError, SimVolumeOperation.Read);

        var report = await rig.BackupAsync();

        AssertCounted(report, counts, rig, leftOut: ["report.txt", "image.vhd"]);
        Assert.That(
            report.Failed.Select(item => (item.Path, item.Reason, item.Clause)),
            Is.EqualTo(new[] { ("image.vhd", "read-error", "file.ordinary"), ("report.txt", "locked", "file.ordinary") }));
        Assert.That(report.Failed.Select(item => item.Message), Is.All.Not.Empty);
    }

    [Test]
    public async Task Report_OfAFailedRunAndOfTheOneThatResumesIt_HaveTheFiguresOfTheCounts()
    {
        var (rig, counts) = Counted();
        rig.Volume.CreateFile("more.bin", 5_000_000, seed: 9);
        FailedRun? failed = null;
        var wrap = rig.WrapVault;
        var packs = 0;
        rig.WrapVault = vault => new FaultyVault(
            wrap(vault), call => call is { Operation: "create" } && call.Name.StartsWith("packs/", StringComparison.Ordinal) && ++packs > 3
                ? VaultFault.Before
                : null);

        await BackupErrors.ExpectAsync(
            ErrorCode.VaultUnreachable, () => rig.BackupAsync(request => request with { OnFailed = run => failed = run }));

        Assert.That(failed, Is.Not.Null);
        Assert.That(
            (failed!.Requests, failed.SentBytes, failed.StoredBytes, failed.ReadBytes),
            Is.EqualTo((counts.Vault!.Requests, counts.Vault.SentBytes, counts.Vault.StoredBytes, counts.Source!.ReadBytes)));
        Assert.That(failed.StoredBytes, Is.GreaterThan(1 << 20));
        Assert.That(failed.Phases[^1].Name, Is.EqualTo("transfer"));
        Assert.That(failed.Phases.Sum(phase => phase.Milliseconds), Is.EqualTo(counts.Calls * PerCall.TotalMilliseconds));
        Assert.That((failed.SourceName, failed.ScratchPeakBytes), Is.EqualTo(("data", rig.Scratch.PeakBytes)));

        rig.WrapVault = wrap;
        counts.Reset();
        var report = await rig.BackupAsync();

        AssertCounted(report, counts, rig);
        Assert.That(report.Warnings.Select(note => note.Code), Does.Contain("run-resumed"));
        Assert.That(report.ReadBytes, Is.LessThan(report.Protected.LogicalBytes));
    }

    [Test]
    public async Task Report_OfACancelledRun_IsGivenToo()
    {
        var (rig, counts) = Counted();
        using var stop = new CancellationTokenSource();
        FailedRun? failed = null;
        rig.Faults.Hook = call =>
        {
            if (call.Path == "report.txt")
            {
                stop.Cancel();
            }

            return null;
        };

        await Assert.ThatAsync(
            async () => await new BackupJob(rig.Services).RunAsync(rig.Request() with { OnFailed = run => failed = run }, stop.Token),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(failed!.Requests, Is.EqualTo(counts.Vault!.Requests));
        Assert.That(failed.ReadBytes, Is.EqualTo(counts.Source!.ReadBytes));
    }

    private static (EngineRig Rig, Counts Counts) Counted()
    {
        var rig = new EngineRig(5) { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        rig.Volume.CreateFile("image.vhd", 200_000, seed: 1);
        rig.Volume.CreateFile("report.txt", 9000, seed: 2);
        rig.Volume.CreateStream("report.txt:summary", 5000, seed: 3);
        rig.Volume.CreateFile("secret.bin", 20_000, seed: 5);
        rig.Volume.Encrypt("secret.bin");
        rig.Volume.CreateFile("hole.bin");
        rig.Volume.SetSparse("hole.bin");
        rig.Volume.SetEndOfFile("hole.bin", 1L << 30);
        rig.Volume.CreateDirectory("folder");
        rig.Volume.CreateHardLink("folder/link.txt", "report.txt");
        rig.Volume.Delete("folder/link.txt");
        rig.Volume.CreateFile("folder/both.bin", 3000, seed: 6);
        rig.Volume.CreateHardLink("folder/twice.bin", "folder/both.bin");
        var counts = new Counts();
        rig.WrapVault = vault => counts.Vault = new CountingVault(vault);
        rig.WrapSource = source => counts.Source = new CountingSource(source);
        rig.Faults.Hook = _ =>
        {
            counts.Calls++;
            rig.Clock.Advance(PerCall);
            return null;
        };
        return (rig, counts);
    }

    private static void AssertCounted(BackupReport report, Counts counts, EngineRig rig, params string[] leftOut)
    {
        Assert.That(report.Requests, Is.EqualTo(counts.Vault!.Requests));
        Assert.That(report.SentBytes, Is.EqualTo(counts.Vault.SentBytes));
        Assert.That(report.StoredBytes, Is.EqualTo(counts.Vault.StoredBytes));
        Assert.That(report.ReadBytes, Is.EqualTo(counts.Source!.ReadBytes));
        Assert.That(report.Phases.Sum(phase => phase.Milliseconds), Is.EqualTo(counts.Calls * PerCall.TotalMilliseconds));
        Assert.That(
            report.Phases.Select(phase => phase.Name),
            Is.EqualTo(new[] { "preflight", "snapshot", "prepare", "estimate", "transfer", "commit", "release", "report" }));

        // Hard-linked files are skipped by the rules, each name of them.
        Assert.That(
            report.Skipped.Select(item => (item.Path, item.Reason)),
            Is.EqualTo(new[] { ("folder/both.bin", "hard-link"), ("folder/twice.bin", "hard-link") }));
        Assert.That(report.Skipped.Select(item => item.Clause), Is.All.Not.Empty);
        var streams = rig.Snapshots[^1].Walk()
            .Where(entry => !leftOut.Contains(entry.Path) && !entry.Path.StartsWith("folder/", StringComparison.Ordinal))
            .SelectMany(entry => entry.Streams)
            .ToList();
        Assert.That(report.Protected.LogicalBytes, Is.EqualTo(streams.Sum(stream => stream.SizeBytes)));
        Assert.That(report.Protected.AllocatedBytes, Is.EqualTo(streams.Sum(stream => stream.AllocatedBytes)));
        Assert.That(report.Protected.Directories, Is.EqualTo(2));
    }

    /// <summary>What the run under way is counted by.</summary>
    private sealed class Counts
    {
        public CountingVault? Vault { get; set; }

        public CountingSource? Source { get; set; }

        /// <summary>Calls to the volume, each of which takes ten milliseconds of the run's clock.</summary>
        public int Calls { get; set; }

        public void Reset() => Calls = 0;
    }
}
