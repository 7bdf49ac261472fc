using System.Globalization;
using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Simulator.Capture;
using Harness.Simulator.Content;
using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using Harness.Simulator.Snapshots;
using Harness.Tests.Local;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Capture;

/// <summary>
/// Random volumes written to a real NTFS image, captured from its mount, and built again: verdicts, sizes and allocation are the
/// same, with names and without.
/// </summary>
[TestFixture]
[NonParallelizable]
public sealed class CapturePropertyTests
{
    private static readonly RuleProfile Profile = ProfileCatalog.Load(ProfileCatalog.DefaultId);

    [TestCase(1UL, false)]
    [TestCase(2UL, true)]
    [TestCase(3UL, false)]
    [TestCase(4UL, true)]
    [Platform("Linux", Reason = "The real volume is one of ntfs-3g.")]
    public async Task Capture_OfARandomRealVolume_HasItsVerdictsAndSizes(ulong seed, bool isScrubbed)
    {
        using var volume = NtfsVolume.Create(8 << 20);
        volume.Unmount();
        File.Delete(volume.ImagePath);
        var text = RandomRecipe(seed);
        _ = await NtfsExport.RunAsync(
            new SimDataSource(RecipeBuilder.Build(RecipeLoader.Parse(text), new SimClock())), volume.ImagePath, null, false,
            CancellationToken.None);
        volume.Remount();
        var source = new LinuxDirectorySource(volume.Root, TimeProvider.System);

        await RequireSameTotalsAsync(source, new CaptureOptions { ScrubNames = isScrubbed, Seed = seed }, text);
    }

    [TestCase(false)]
    [TestCase(true)]
    [Platform("Linux", Reason = "Needs real directories of Linux.")]
    public async Task Capture_OfARandomLinuxTree_HasItsVerdictsAndSizes(bool isScrubbed)
    {
        using var root = new TempDirectory();
        _ = root.Shell("""
            mkdir -p t/a/b t/c; cd t
            for i in 1 2 3 700 701 4095 4096 4097 65536 100000; do head -c $i /dev/urandom > a/f$i.dat; done
            truncate -s 3M c/hole; truncate -s 1M c/some; printf x | dd of=c/some bs=1 seek=300000 conv=notrunc status=none
            ln a/f1.dat c/one; ln a/f4096.dat a/b/two; ln -s ../a/f1.dat c/link; mkfifo c/pipe; sync
            """);

        await RequireSameTotalsAsync(
            new LinuxDirectorySource(root.At("t"), TimeProvider.System), new CaptureOptions { ScrubNames = isScrubbed }, "");
    }

    [Test]
    public async Task Scrub_OfEveryPlaceThatHoldsAName_LeavesNoneOfIt()
    {
        const string secret = "Aurelia";
        var recipe = RecipeLoader.Parse($$"""
            volume: {label: {{secret}}, shortNames: true}
            entries:
            - path: {{secret}}/{{secret}}.docx
              size: 5
              streams: [{name: {{secret}}, size: 3}, {name: "{{secret}}.txt", size: 3}]
              extendedAttributes: [{name: {{secret}}, text: {{secret}}}]
            - {path: "x.{{secret}}", size: 1}
            - {path: "{{secret}} {{secret}} 2024.{{secret}}.tar.gz", size: 1}
            - {path: link, tag: SYMLINK, target: "..\\{{secret}}\\{{secret}}.docx"}
            - {path: junction, tag: MOUNT_POINT, target: "\\??\\C:\\{{secret}}"}
            - {path: cloud, tag: CLOUD, target: {{secret}}}
            - {path: lx, tag: "0x00000042", reparseGuid: 00112233-4455-6677-8899-aabbccddeeff, target: {{secret}}}
            """);
        var source = new SimDataSource(RecipeBuilder.Build(recipe, new SimClock()));

        var text = await CaptureAsync(source, new CaptureOptions { ScrubNames = true });
        var decoded = string.Concat(text.Split('"').Select(part =>
        {
            var bytes = new byte[part.Length];
            return Convert.TryFromBase64String(part, bytes, out var count)
                ? System.Text.Encoding.Latin1.GetString(bytes, 0, count).Replace("\0", "", StringComparison.Ordinal)
                : "";
        }));

        Assert.That(text, Does.Not.Contain(secret).IgnoreCase);
        Assert.That(decoded, Does.Not.Contain(secret).IgnoreCase);
        Assert.That(text, Does.Contain(".docx").And.Contain(".gz"));
        Assert.That(() => RecipeBuilder.Build(RecipeLoader.Parse(text), new SimClock()), Throws.Nothing, text);
    }

    [Test]
    public void Scrub_OfManyNames_KeepsLengthsAndTellsThemApart()
    {
        var names = Enumerable.Range(0, 2000).Select(i => i.ToString("x", CultureInfo.InvariantCulture))
            .Concat(Enumerable.Range(0, 2000).Select(i => $"quarterly report {i}.xlsx")).ToList();
        var scrubber = new NameScrubber(5);

        var scrubbed = names.Select(name => scrubber.Name(name)).ToList();

        Assert.That(scrubbed.Select(name => name.Length), Is.EqualTo(names.Select(name => name.Length)));
        Assert.That(scrubbed, Is.Unique);
        Assert.That(names.Select(name => scrubber.Name(name)), Is.EqualTo(scrubbed));
        Assert.That(scrubber.Name("abc"), Is.EqualTo(scrubber.Name("ABC")).IgnoreCase.And.Not.EqualTo(scrubber.Name("ABC")));
    }

    private static async Task RequireSameTotalsAsync(IDataSource source, CaptureOptions options, string made)
    {
        var before = await TotalsAsync(source);
        var text = await CaptureAsync(source, options);
        var after = await TotalsAsync(new SimDataSource(RecipeBuilder.Build(RecipeLoader.Parse(text), new SimClock())));

        Assert.That(before, Is.Not.Empty);
        Assert.That(after, Is.EqualTo(before), made + "\n" + text);
    }

    private static async Task<string> CaptureAsync(IDataSource source, CaptureOptions options)
    {
        using var text = new StringWriter();
        var report = await new VolumeCapture(source, options).WriteAsync(text, CancellationToken.None);
        Assert.That(report.LeftOut.Concat(report.Changed), Is.Empty);
        return text.ToString();
    }

    /// <summary>By verdict of each entry and stream: how many, logical bytes, and allocated ones where nothing is estimated.</summary>
    private static async Task<List<string>> TotalsAsync(IDataSource source)
    {
        await using var snapshot = await source.CreateSnapshotAsync(CancellationToken.None);
        var totals = new SortedDictionary<string, (long Count, long Logical, long Allocated)>(StringComparer.Ordinal);
        await foreach (var item in snapshot.EnumerateAsync(CancellationToken.None))
        {
            var entry = item.Entry!;
            Add(entry.Traits, entry.Streams.Where(stream => stream.Name.Length == 0));
            foreach (var stream in entry.Streams.Where(stream => stream.Name.Length > 0))
            {
                Add(stream.Traits, [stream]);
            }

            void Add(EntryTraits traits, IEnumerable<SourceStream> streams)
            {
                var verdict = Classifier.Classify(Profile, traits);
                var key = $"{verdict.Protection}/{verdict.Reason} {traits}";
                var total = totals.GetValueOrDefault(key);
                foreach (var stream in streams)
                {
                    // Resident or not, and what compression leaves, is up to the records and the compressor of each side.
                    var isExact = stream.SizeBytes > 1000 && !traits.HasFlag(EntryTraits.Compressed)
                        && !traits.HasFlag(EntryTraits.Encrypted);
                    total = total with
                    {
                        Logical = total.Logical + stream.SizeBytes,
                        Allocated = total.Allocated + (isExact ? stream.AllocatedBytes : 0),
                    };
                }

                totals[key] = total with { Count = total.Count + 1 };
            }
        }

        return [.. totals.Select(total => $"{total.Key}: {total.Value}")];
    }

    private static string RandomRecipe(ulong seed)
    {
        var random = new SeededSequence(Mix.Of(seed, "capture"));
        var text = new System.Text.StringBuilder("volume: {size: 1GiB}\nentries:\n");
        for (var i = 0; i < 60; i++)
        {
            var path = $"d{random.Below(5)}/e{random.Below(3)}/file number {i}.{random.Pick(new[] { "txt", "docx", "bin", "x" })}";
            var size = random.Below(4) == 0 ? random.Below(900L) : random.Below(300_000L);
            var line = random.Below(9) switch
            {
                0 => $"size: {size + 70_000}, attributes: [sparse], allocated: [\"0..64KiB\"]",
                1 => $"size: {size}, attributes: [compressed], content: text",
                2 => $"size: {size}, attributes: [encrypted]",
                3 => $"size: {size}, streams: [{{name: s, size: {random.Below(5000L)}}}, {{name: Zone.Identifier, size: 26}}]",
                4 => "tag: SYMLINK, target: \"d0\\\\e1\"",
                5 => "tag: DEDUP, size: 0",
                6 => $"size: {size}, attributes: [hidden, archive], created: \"1999-01-01T00:00:00.1234567Z\"",
                _ => $"size: {size}",
            };
            text.Append(CultureInfo.InvariantCulture, $"- {{ path: \"{path}\", {line} }}\n");
            if (random.Below(6) == 0 && !line.StartsWith("tag", StringComparison.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"- {{ path: \"link {i}\", type: hard-link, target: \"{path}\" }}\n");
            }
        }

        return text.ToString();
    }
}
