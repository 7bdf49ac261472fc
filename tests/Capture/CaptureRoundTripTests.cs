using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Rules;
using Harness.Simulator.Capture;
using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Volume;
using Harness.Tests.Local;
using Harness.Tests.Ntfs;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Capture;

/// <summary>A tree, its recipe, and the volume built from that: the engine sees the same in both.</summary>
[TestFixture]
[NonParallelizable]
public sealed class CaptureRoundTripTests
{
    private static readonly RuleProfile Profile = ProfileCatalog.Load(ProfileCatalog.DefaultId);

    [Test]
    public async Task Capture_OfASimulatedVolume_IsThatVolume()
    {
        var volume = RecipeBuilder.Build(RecipeSamples.Load("seed-page"), new SimClock());
        volume.SetTimes("ordinary", new EntryTimes(Timestamp.FromFileTime(1), null, null, null));

        await RequireSameAsync(new SimDataSource(volume));
    }

    [Test]
    [Platform("Linux", Reason = "Needs a real directory of Linux.")]
    public async Task Capture_OfADirectory_IsReproduced()
    {
        using var root = new TempDirectory();
        var sub = Directory.CreateDirectory(root.At("sub")).FullName;
        await File.WriteAllBytesAsync(root.At("plain: \"odd\" #.txt"), new byte[5000]);
        await File.WriteAllTextAsync(Path.Combine(sub, "Größe.md"), "x");
        using (var sparse = File.Create(root.At("sparse")))
        {
            sparse.Position = 1 << 20;
            sparse.Write(new byte[] { 1, 2, 3 });
        }

        File.CreateSymbolicLink(root.At("link"), "sub/../nowhere");
        _ = root.Shell("chmod 400 sub/Größe.md");
        File.SetLastWriteTimeUtc(sub, new DateTime(1999, 12, 31, 23, 59, 59, DateTimeKind.Utc));
        // The third name is outside of what is captured.
        _ = root.Shell("mkdir tree; mv sub sparse plain* link tree; ln tree/sparse tree/sub/second; ln tree/sparse outside; mkfifo tree/pipe");

        await RequireSameAsync(new LinuxDirectorySource(root.At("tree"), TimeProvider.System));
    }

    [Test]
    [Platform("Linux", Reason = "The real volume is one of ntfs-3g.")]
    public async Task Capture_OfARealNtfsVolume_IsReproduced()
    {
        using var volume = NtfsVolume.Create();
        NtfsPopulator.Populate(volume, NtfsFixtureItems.All);

        await RequireSameAsync(new LinuxDirectorySource(volume.Root, TimeProvider.System));
    }

    [Test]
    public async Task Scrub_KeepsVerdictsSizesExtensionsAndCollisions_AndHidesEveryName()
    {
        var recipe = RecipeLoader.Parse("""
            volume: {caseSensitive: true}
            entries:
            - {path: Secret Plan/Budget.xlsx, size: 5KiB, streams: [{name: whispers, size: 9}, {name: Zone.Identifier, size: 3}]}
            - {path: Secret Plan/BUDGET.xlsx, size: 6KiB}
            - {path: Secret Plan/b, size: 7}
            - {path: copy.xlsx, type: hard-link, target: Secret Plan/Budget.xlsx}
            - {path: .sesame.conf, size: 1}
            - {path: where, tag: SYMLINK, target: "../Secret Plan/Budget.xlsx"}
            """);
        var source = new SimDataSource(RecipeBuilder.Build(recipe, new SimClock()));

        var (text, _) = await CaptureAsync(source, new CaptureOptions { ScrubNames = true, Seed = 7 });
        var (again, _) = await CaptureAsync(source, new CaptureOptions { ScrubNames = true, Seed = 7 });
        var (other, _) = await CaptureAsync(source, new CaptureOptions { ScrubNames = true, Seed = 8 });
        var scrubbed = RecipeBuilder.Build(RecipeLoader.Parse(text), new SimClock());

        Assert.That(again, Is.EqualTo(text));
        Assert.That(other, Is.Not.EqualTo(text));
        foreach (var word in new[] { "Secret", "Budget", "BUDGET", "whispers", "sesame", "copy", "where" })
        {
            Assert.That(text, Does.Not.Contain(word));
        }

        var files = scrubbed.Walk().Where(entry => !entry.IsDirectory).ToList();
        Assert.That(files.Count(entry => entry.Path.EndsWith(".xlsx", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(files.Count(entry => entry.LinkCount == 2), Is.EqualTo(2));
        Assert.That(files.SelectMany(entry => entry.Streams).Select(s => s.Name), Does.Contain("Zone.Identifier"));
        var colliding = files.GroupBy(entry => entry.Path.ToUpperInvariant()).Where(group => group.Count() > 1).ToList();
        Assert.That(colliding, Has.Count.EqualTo(1));
        var link = files.Single(entry => entry.ReparseTag is not null);
        Assert.That(
            System.Text.Encoding.Unicode.GetString(link.ReparseData.Span[12..]),
            Does.StartWith("../").And.Contain(files.First(entry => entry.LinkCount == 2 && entry.Path.Contains('/')).Path));
        Assert.That(
            (await ListAsync(source)).Select(item => Verdict(item.Entry)).Order(StringComparer.Ordinal),
            Is.EqualTo((await ListAsync(new SimDataSource(scrubbed))).Select(item => Verdict(item.Entry)).Order(StringComparer.Ordinal)));
    }

    [Test]
    public async Task Capture_OfATreeThatChanges_ReportsAndStaysValid()
    {
        var volume = new SimVolume(new VolumeSettings(), new SimClock());
        _ = volume.CreateFile("a", 10);
        _ = volume.CreateFile("gone", 10);
        volume.CreateFile("s");
        volume.SetSparse("s");
        volume.SetEndOfFile("s", 1 << 20);
        var faults = new SimVolumeFaults();
        _ = faults.Fail("gone", Harness.Engine.Errors.SourceFault.Vanished, SimVolumeOperation.List);
        _ = faults.Fail("s", Harness.Engine.Errors.SourceFault.ChangedWhileRead);

        var (text, report) = await CaptureAsync(new SimDataSource(volume, "", faults), new CaptureOptions());
        var built = RecipeBuilder.Build(RecipeLoader.Parse(text), new SimClock());

        Assert.That(report.Changed.Select(problem => problem.Path), Is.EqualTo(["s"]));
        Assert.That(report.LeftOut.Concat(report.Changed).Select(problem => problem.Path), Does.Contain("gone"));
        Assert.That(built.Find("s")!.Streams[0].SizeBytes, Is.EqualTo(1 << 20));
    }

    private static async Task RequireSameAsync(IDataSource source)
    {
        // The first look moves access times, later ones do not.
        _ = await ListAsync(source);
        var (text, report) = await CaptureAsync(source, new CaptureOptions());
        var built = RecipeBuilder.Build(RecipeLoader.Parse(text, "captured.yaml"), new SimClock());
        var expected = await ListAsync(source);
        var actual = await ListAsync(new SimDataSource(built));

        Assert.That(report.LeftOut.Concat(report.Changed), Is.Empty);
        Assert.That(actual.Select(item => item.Entry.Path), Is.EqualTo(expected.Select(item => item.Entry.Path)));
        Assert.Multiple(() =>
        {
            foreach (var (before, after) in expected.Zip(actual))
            {
                Assert.That(Describe(after), Is.EqualTo(Describe(before)), before.Entry.Path);
            }
        });
    }

    private static string Describe((SourceEntry Entry, string Ranges) item)
    {
        var entry = item.Entry;
        var attributes = entry.Attributes & 0x3127 & (entry.Kind == EntryKind.Directory ? ~0x20u : ~0u);
        var streams = entry.Streams.Where(stream => stream.SizeBytes > 0 || stream.Name.Length > 0 || stream.Traits != EntryTraits.None)
            .Select(stream => $"{stream.Name}:{stream.SizeBytes}:{stream.RawSizeBytes}:{stream.Traits}");
        var isDirectory = entry.Kind == EntryKind.Directory;
        var traits = isDirectory ? entry.Traits & ~(EntryTraits.Compressed | EntryTraits.Encrypted) : entry.Traits;
        return $"{Verdict(entry)} {traits} links {entry.LinkCount} attributes {attributes:x} tag {entry.ReparseTag:x} "
            + $"{Convert.ToHexString(entry.ReparseData.Span)} times {Time(entry.Times.Created)} {Time(entry.Times.Written)} "
            + $"{Time(entry.Times.Changed)} {Time(isDirectory ? null : entry.Times.Accessed)} security {entry.Security.Kind} "
            + $"{Convert.ToHexString(entry.Security.Bytes.Span)} streams {string.Join(' ', streams)} ranges {item.Ranges}";
    }

    private static long? Time(Timestamp? time) => time?.ToFileTime();

    private static string Verdict(SourceEntry entry) => string.Join(
        ' ',
        entry.Streams.Where(stream => stream.Name.Length > 0).Select(stream => stream.Traits).Prepend(entry.Traits)
            .Select(traits => Classifier.Classify(Profile, traits)).Select(verdict => $"{verdict.Protection}/{verdict.Reason}"));

    private static async Task<(string Text, CaptureReport Report)> CaptureAsync(IDataSource source, CaptureOptions options)
    {
        using var text = new StringWriter();
        var report = await new VolumeCapture(source, options).WriteAsync(text, CancellationToken.None);
        return (text.ToString(), report);
    }

    private static async Task<List<(SourceEntry Entry, string Ranges)>> ListAsync(IDataSource source)
    {
        await using var snapshot = await source.CreateSnapshotAsync(CancellationToken.None);
        var found = new List<(SourceEntry, string)>();
        await foreach (var item in snapshot.EnumerateAsync(CancellationToken.None))
        {
            Assert.That(item.Error, Is.Null);
            var ranges = "";
            foreach (var stream in item.Entry!.Streams.Where(EntryWriter.NeedsRanges).Where(_ => item.Entry.ReparseTag is null))
            {
                await using var reader = await snapshot.OpenAsync(item.Entry, stream, CancellationToken.None);
                ranges += $"{stream.Name} {string.Join(',', await reader.GetAllocatedRangesAsync(CancellationToken.None))};";
            }

            found.Add((item.Entry, ranges));
        }

        return found;
    }
}
