using System.Globalization;
using System.Security.Cryptography;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Simulator.Export;
using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Volume;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Export;

/// <summary>
/// Exported volumes as programs of others read them from the raw image: wimlib for everything a file has, sleuthkit and ntfsinfo
/// for how it lies on the volume. Nothing of the driver that wrote the image is asked.
/// </summary>
[TestFixture]
[Platform("Linux", Reason = "The image is written by ntfs-3g.")]
[NonParallelizable]
public sealed class ImageWitnessTests
{
    private const uint ComparedAttributes = 0x3127 | 0x10 | 0x400;

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("harness-witness-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("seed-page")]
    [TestCase("rare")]
    [TestCase("tree")]
    public async Task Export_ReadByWimlib_IsTheSimulatedVolume(string name)
    {
        SystemTool.Require("wimlib-imagex");
        var volume = Make(name);
        var image = await ExportAsync(volume);
        var listing = await WimListing.ReadAsync(image, _folder);

        var real = listing.Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        var groups = new Dictionary<string, FileReference>(StringComparer.Ordinal);
        var expected = volume.Walk().Where(entry => entry.Path.Length > 0 && !IsEncrypted(entry)).ToList();
        Assert.That(real.Keys.Where(path => path.Length > 0), Is.EquivalentTo(expected.Select(entry => entry.Path)));
        Assert.Multiple(() =>
        {
            foreach (var entry in expected)
            {
                var seen = real[entry.Path];
                Assert.That(Describe(seen, entry), Is.EqualTo(Describe(volume, entry)), entry.Path);
                if (entry.LinkCount > 1)
                {
                    Assert.That(groups.TryAdd(seen.LinkGroup, entry.Reference) || groups[seen.LinkGroup] == entry.Reference, entry.Path);
                }
            }
        });
        Assert.That(groups.Values, Is.Unique);
    }

    [Test]
    public async Task Export_ReadBySleuthkit_LiesOnTheVolumeAsSimulated()
    {
        SystemTool.Require("fls", "ifind", "istat");
        var volume = Make("seed-page");
        var image = await ExportAsync(volume);

        var names = (await SystemTool.RunAsync("fls", "-r", "-p", image)).Split('\n')
            .Select(line => line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..])
            .Where(path => path.Length > 0 && path[0] != '$');
        Assert.That(names, Is.EquivalentTo(volume.Walk().Where(entry => entry.Path.Length > 0).SelectMany(Names)));
        foreach (var entry in volume.Walk().Where(entry => !entry.IsDirectory && entry.ReparseTag is null))
        {
            var number = (await SystemTool.RunAsync("ifind", "-n", "/" + entry.Path, image)).Trim();
            var lines = (await SystemTool.RunAsync("istat", image, number)).Split('\n');
            var data = Array.FindIndex(lines, line => line.StartsWith("Type: $DATA ", StringComparison.Ordinal) && line.Contains("Name: N/A", StringComparison.Ordinal));
            var (size, allocated) = (entry.Streams[0].SizeBytes, entry.Streams[0].AllocatedBytes);
            var flags = entry.Streams[0].Flags;

            Assert.That(lines, Has.Some.EqualTo($"Links: {entry.LinkCount}"), entry.Path);
            Assert.That(lines[0..3], Has.Some.Match(@"Sequence: [12]$"), entry.Path);
            Assert.That(data, Is.GreaterThan(0), entry.Path);
            Assert.That(lines[data].Contains("Non-Resident", StringComparison.Ordinal), Is.EqualTo(allocated > 0 || size > 700), lines[data]);
            if (flags is StreamFlags.None or StreamFlags.Sparse)
            {
                Assert.That(lines[data], Does.Contain($"size: {size}"), entry.Path);
                Assert.That(Clusters(lines, data) * 4096L, Is.EqualTo(allocated), entry.Path);
                Assert.That(lines[data].Contains("Sparse", StringComparison.Ordinal), Is.EqualTo(flags == StreamFlags.Sparse), entry.Path);
            }

            Assert.That(lines[data].Contains("Encrypted", StringComparison.Ordinal), Is.EqualTo(flags.HasFlag(StreamFlags.Encrypted)), lines[data]);
        }
    }

    [Test]
    public async Task Export_OfASparseFile_HasItsRangesAsRunsForNtfsinfo()
    {
        SystemTool.Require("ntfsinfo");
        var volume = Make("seed-page");
        var image = await ExportAsync(volume);

        var text = await SystemTool.RunAsync("ntfsinfo", "-v", "-F", "/supported/sparse.vhd", image);
        var runs = text.Split('\n').Select(line => line.Split('\t', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 3 && parts[0].StartsWith("0x", StringComparison.Ordinal)
                && parts[1].StartsWith("0x", StringComparison.Ordinal))
            .Select(parts => (At: Hex(parts[0]) * 4096, Length: Hex(parts[2]) * 4096));

        Assert.That(runs, Is.EqualTo(volume.QueryAllocatedRanges("supported/sparse.vhd").Select(range => (range.Offset, range.Length))));
    }

    private static SimVolume Make(string name)
    {
        var volume = RecipeBuilder.Build(name switch
        {
            "seed-page" => RecipeSamples.Load("seed-page"),
            "tree" => RecipeLoader.Parse("seed: 9\ntrees: [{path: Shared, files: 150, sizes: {median: 6KiB, max: 300KiB}}]"),
            _ => RecipeLoader.Parse("""
                volume: {label: rare}
                entries:
                - {path: Long directory name/File with a long name.document, size: 5KiB, streams: [{name: "größe", size: 9}, {name: b, size: 70KiB}]}
                - {path: Long directory name/second.name, type: hard-link, target: Long directory name/File with a long name.document}
                - {path: third, type: hard-link, target: Long directory name/File with a long name.document}
                - {path: other, size: 3}
                - {path: another, type: hard-link, target: other}
                - {path: "日本.txt", size: 100KiB, attributes: [hidden, archive], created: "1999-12-31T23:59:59.1234567Z", written: "2001-02-03T04:05:06.7654321Z"}
                - {path: alone, size: 1}
                - {path: dir, type: directory, attributes: [hidden], streams: [{name: on a directory, size: 2KiB}]}
                - {path: projfs, tag: PROJFS, reparseData: AQIDBAUGBwg=}
                - {path: third-party, tag: "0x00000042", reparseData: AQIDBAUGBwgJCgsMDQ4PEBESExQ=}
                """),
        }, new SimClock());
        if (name == "rare")
        {
            // One name only: the driver gives none to a file with several.
            volume.SetObjectId("alone", new ObjectIdBuffer(new Guid("00112233-4455-6677-8899-aabbccddeeff")));
            volume.SetExtendedAttributes("alone", new ExtendedAttribute("HARNESS", new byte[] { 1, 2, 3 }));
        }

        return volume;
    }

    private async Task<string> ExportAsync(SimVolume volume)
    {
        using (NtfsVolume.Create(8 << 20))
        {
            // Made only to skip, with the reason, where the driver is missing.
        }

        var image = Path.Combine(_folder, "volume.img");
        ExportReport report = await NtfsExport.RunAsync(new SimDataSource(volume), image, null, false, CancellationToken.None);
        Assert.That(
            report.Differences.Where(difference => difference.Actual.StartsWith("refused", StringComparison.Ordinal)), Is.Empty);
        return image;
    }

    private static string Describe(SimVolume volume, VolumeEntry entry)
    {
        var streams = entry.Streams.Where(stream => stream.SizeBytes > 0 && !(stream.Name.Length == 0 && entry.ReparseTag is not null))
            .Select(stream => $"{stream.Name}={Sha1(volume, entry.Path, stream)}/{stream.SizeBytes}").Order(StringComparer.Ordinal);
        var data = entry.StoredReparseData;
        var hash = data.IsEmpty ? new string('0', 40) : Convert.ToHexStringLower(SHA1.HashData(data.Span));
        var reparse = entry.ReparseTag is { } tag ? $"{tag:x} {hash}" : "";
        return $"{(uint)entry.Attributes & ComparedAttributes & Mask(entry):x} links {entry.LinkCount} short '{entry.ShortName}' "
            + $"reparse {reparse} object {entry.ObjectId?.ObjectId} {Time(entry.Times.Created!.Value.ToDateTimeOffset())} "
            + $"{Time(entry.Times.Written!.Value.ToDateTimeOffset())} {string.Join(' ', streams)}";
    }

    private static string Describe(WimEntry seen, VolumeEntry entry)
    {
        var streams = seen.Streams.Where(stream => stream.Key != "(reparse)" && stream.Value.Bytes > 0
                && !(stream.Key.Length == 0 && seen.ReparseTag != 0))
            .Select(stream => $"{stream.Key}={stream.Value.Sha1}/{stream.Value.Bytes}").Order(StringComparer.Ordinal);
        var reparse = seen.ReparseTag == 0 ? "" : $"{seen.ReparseTag:x} {seen.Streams["(reparse)"].Sha1}";
        var objectId = seen.ObjectId.Length == 0 ? "" : $"{new Guid(Convert.FromHexString(seen.ObjectId.Replace("0x", "", StringComparison.Ordinal)))}";
        return $"{seen.Attributes & ComparedAttributes & Mask(entry):x} links {seen.LinkCount} short '{seen.ShortName}' "
            + $"reparse {reparse} object {objectId} {seen.Created} {seen.Written} {string.Join(' ', streams)}";
    }

    // The driver marks new directories for archiving (KNOWN_DIFFERENCES, directory-archive).
    private static uint Mask(VolumeEntry entry) => entry.IsDirectory ? ~0x20u : ~0u;

    private static bool IsEncrypted(VolumeEntry entry) =>
        entry.Streams.Any(stream => stream.Flags.HasFlag(StreamFlags.Encrypted));

    private static string Sha1(SimVolume volume, string path, VolumeStream stream)
    {
        var bytes = new byte[stream.SizeBytes];
        _ = volume.Read(stream.Name.Length == 0 ? path : $"{path}:{stream.Name}", 0, bytes);
        return Convert.ToHexStringLower(SHA1.HashData(bytes));
    }

    private static IEnumerable<string> Names(VolumeEntry entry) => entry.Streams
        .Where(stream => stream.Name.Length > 0).Select(stream => $"{entry.Path}:{stream.Name}").Prepend(entry.Path);

    private static int Clusters(string[] lines, int data) => lines.Skip(data + 1)
        .TakeWhile(line => line.Length > 0 && char.IsAsciiDigit(line[0]))
        .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Count(number => number != "0");

    private static string Time(DateTimeOffset time) =>
        time.ToString("ddd MMM dd HH:mm:ss yyyy 'UTC'", CultureInfo.InvariantCulture);

    private static long Hex(string text) => long.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
