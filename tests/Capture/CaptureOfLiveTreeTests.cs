using Harness.Engine.Local.Sources;
using Harness.Engine.Ports;
using Harness.Simulator.Capture;
using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using Harness.Simulator.Volume;
using Harness.Tests.Local;
using NUnit.Framework;

namespace Harness.Tests.Capture;

/// <summary>
/// Real directories of Linux that change while they are captured, or hold what a recipe must not lose: every change happens at a
/// known moment of the listing.
/// </summary>
[TestFixture]
[Platform("Linux", Reason = "Needs real directories of Linux.")]
public sealed class CaptureOfLiveTreeTests
{
    private const string Tree =
        "mkdir -p t/a t/b t/c; for d in a b c; do printf 12345 > t/$d/1; printf 12345 > t/$d/2; done; truncate -s 1M t/b/sparse; ln t/a/1 t/c/link";

    [TestCase("a/2", "printf 678 >> t/a/1", "a/1", "changed", TestName = "{m}(GrowsAfterItWasListed)")]
    [TestCase("a/2", "printf 54321 > t/a/1", "a/1", "changed", TestName = "{m}(ChangesAndKeepsItsSize)")]
    [TestCase("a/2", "rm t/a/1", "a/1", "vanished", TestName = "{m}(VanishesAfterItWasListed)")]
    [TestCase("a", "rm t/a/2", "a", "changed", TestName = "{m}(VanishesBeforeItsDirectoryIsRead)")]
    [TestCase("b/2", "rm t/b/sparse", "b/sparse", "vanished", TestName = "{m}(SparseVanishes)")]
    [TestCase("b/sparse", "truncate -s 2M t/b/sparse", "b/sparse", "changed", TestName = "{m}(SparseGrows)")]
    [TestCase("b/sparse", "rm t/b/sparse; mkdir t/b/sparse", "b/sparse", "vanished", TestName = "{m}(BecomesADirectory)")]
    [TestCase("b", "rm -r t/b", "b", "vanished", TestName = "{m}(DirectoryVanishes)")]
    [TestCase("b", "mv t/c t/d", "c", "vanished", TestName = "{m}(DirectoryIsRenamed)")]
    [TestCase("c/2", "printf x > t/a/new", "a/new", "appeared", TestName = "{m}(Appears)")]
    [TestCase("c/2", "rm t/c/link", "a/1", "changed", TestName = "{m}(LosesAName)")]
    [TestCase("c/2", "mv t/a/2 t/b/3", "b/3", "appeared", TestName = "{m}(Moves)")]
    [TestCase("c/2", "chmod 600 t/a/2", "a/2", "changed", TestName = "{m}(AccessChanges)")]
    public async Task Capture_WhileTheTreeChanges_NamesThePath(string at, string change, string path, string reason)
    {
        using var root = new TempDirectory();
        _ = root.Shell(Tree);
        var source = new ChangingSource(
            new LinuxDirectorySource(root.At("t"), TimeProvider.System), at, () => _ = root.Shell(change));

        var (text, report) = await CaptureAsync(source, new CaptureOptions());

        var found = report.Changed.Concat(report.LeftOut).ToList();
        Assert.That(found.Select(problem => (problem.Path, problem.Reason)), Does.Contain((path, reason)), string.Join('\n', found));
        Assert.That(found.Where(problem => problem.Path.Length > 0), Has.All.Matches<CaptureProblem>(
            problem => problem!.Message.Contains($"'{problem.Path}'", StringComparison.Ordinal)));
        Assert.That(() => RecipeBuilder.Build(RecipeLoader.Parse(text), new SimClock()), Throws.Nothing, text);
    }

    [Test]
    public async Task Capture_OfAFileThatGrowsBeforeItIsListed_HasWhatWasListed()
    {
        using var root = new TempDirectory();
        _ = root.Shell(Tree);
        var source = new ChangingSource(
            new LinuxDirectorySource(root.At("t"), TimeProvider.System), "a", () => _ = root.Shell("printf 678 >> t/a/1"));

        var (text, report) = await CaptureAsync(source, new CaptureOptions());

        Assert.That(report.Changed.Concat(report.LeftOut), Is.Empty);
        Assert.That(RecipeBuilder.Build(RecipeLoader.Parse(text), new SimClock()).Get("a/1").Streams[0].SizeBytes, Is.EqualTo(8));
    }

    [Test]
    public async Task Capture_OfAQuietTree_ReportsNothing()
    {
        using var root = new TempDirectory();
        _ = root.Shell(Tree);

        var (_, report) = await CaptureAsync(new LinuxDirectorySource(root.At("t"), TimeProvider.System), new CaptureOptions());

        Assert.That(report.Changed.Concat(report.LeftOut), Is.Empty);
    }

    [Test]
    public async Task Capture_WhenTheTreeIsTakenAway_SaysSoOnce()
    {
        using var root = new TempDirectory();
        _ = root.Shell(Tree);
        var source = new ChangingSource(
            new LinuxDirectorySource(root.At("t"), TimeProvider.System), "b", () => _ = root.Shell("rm -r t"));

        var (_, report) = await CaptureAsync(source, new CaptureOptions());

        Assert.That(report.Changed.Select(problem => (problem.Path, problem.Reason)), Does.Contain(("", "vanished")));
    }

    [Test]
    public async Task Capture_OfWhatOnlyLinuxHas_KeepsItOrSaysWhatIsLeftOut()
    {
        using var root = new TempDirectory();
        _ = root.Shell("""
            mkdir t; cd t
            printf 1 > "$(printf 'not\377utf8')"; mkdir "$(printf 'dir\377')"; printf 1 > "$(printf 'dir\377/inside')"
            printf 2 > 'a:b'; printf 3 > con; printf 4 > 'dot.'; printf 5 > 'a\b'; printf 6 > 'A:B'; printf '7' > "$(printf 'new\nline')"
            mkfifo pipe; mknod device c 1 3; ln -s 'a:b' link; ln -s /nowhere/at/all dangling; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")' || mkfifo socket
            """);

        var (text, report) = await CaptureAsync(new LinuxDirectorySource(root.At("t"), TimeProvider.System), new CaptureOptions());
        var volume = RecipeBuilder.Build(RecipeLoader.Parse(text), new SimClock());

        Assert.That(report.LeftOut.Select(problem => problem.Reason), Is.All.EqualTo("name-invalid"));
        Assert.That(report.LeftOut, Has.Count.EqualTo(2), string.Join('\n', report.LeftOut));
        Assert.That(report.LeftOut.Select(problem => problem.Message), Has.All.Contains("UTF-8"));
        Assert.That(volume.Walk().Select(entry => entry.Path), Is.EquivalentTo(new[]
        {
            "", "a:b", "A:B", "con", "dot.", "a\\b", "new\nline", "pipe", "device", "socket", "link", "dangling",
        }));
        Assert.That(volume.Get("link").ReparseTag, Is.EqualTo(ReparseTags.SymbolicLink));
    }

    [Test]
    public async Task Capture_OfAWideDirectory_TakesMemoryAndWorkThatFollowTheEntries()
    {
        const int files = 100_000;
        using var root = new TempDirectory();
        _ = root.Shell($"mkdir t; cd t; seq -f 'file %06g.dat' {files} | tr '\\n' '\\0' | xargs -0 touch");
        using var output = new StringWriter();
        var source = new LinuxDirectorySource(root.At("t"), TimeProvider.System);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var report = await new VolumeCapture(source, new CaptureOptions()).WriteAsync(output, CancellationToken.None);
        var perFile = (GC.GetAllocatedBytesForCurrentThread() - before) / files;

        Assert.That(report.Files, Is.EqualTo(files));
        Assert.That(report.Changed, Is.Empty);
        Assert.That(perFile, Is.LessThan(16 << 10), "Bytes allocated for each file.");
        Assert.That(RecipeLoader.Parse(output.ToString()).Entries, Has.Count.EqualTo(files + 1));
    }

    private static async Task<(string Text, CaptureReport Report)> CaptureAsync(IDataSource source, CaptureOptions options)
    {
        using var text = new StringWriter();
        var report = await new VolumeCapture(source, options).WriteAsync(text, CancellationToken.None);
        return (text.ToString(), report);
    }
}
