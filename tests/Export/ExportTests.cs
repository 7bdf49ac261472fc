using Harness.Tests.CommandLine;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Export;

/// <summary>A simulated volume as a real NTFS image.</summary>
[TestFixture]
[Platform("Linux", Reason = "The image is written by ntfs-3g.")]
[NonParallelizable]
public sealed class ExportTests
{
    [Test]
    public async Task Export_OfTheSeedPage_DiffersOnlyInWhatTheDriverCannotExpress()
    {
        using (NtfsVolume.Create(8 << 20))
        {
            // Made only to skip, with the reason, where the driver is missing.
        }

        using var area = new WorkArea();
        var (recipe, image) = (area.In("volume.yaml"), area.In("volume.img"));
        (await area.RunAsync("volume", "new", recipe)).Expect(0);

        var run = (await area.RunAsync("volume", "export", recipe, "--ntfs", image, "--json")).Expect(0).Json;

        var found = run.GetProperty("differences").EnumerateArray()
            .Select(d => (Path: d.GetProperty("path").GetString()!, Property: d.GetProperty("property").GetString()!)).ToList();
        Assert.That(
            found.Where(d => d.Property != "change-time" && d.Path.Length > 0
                && !d.Path.StartsWith("skipped/encrypted-", StringComparison.Ordinal)
                && !d.Path.Contains("compressed-sparse.db", StringComparison.Ordinal)
                && !d.Path.Contains("stream.bin", StringComparison.Ordinal)),
            Is.Empty);
        Assert.That(found, Does.Contain(("skipped/encrypted-compressed.bin", "storage")));
        Assert.That(File.Exists(image), Is.True);
        Assert.That(Directory.EnumerateDirectories(Path.GetTempPath(), "harness-export-*"), Is.Empty);
    }

    [Test]
    public async Task Export_TooSmall_SaysHowMuchAndWritesNothing()
    {
        using (NtfsVolume.Create(8 << 20))
        {
            // As above.
        }

        using var area = new WorkArea();
        var (recipe, image) = (area.In("volume.yaml"), area.In("volume.img"));
        (await area.RunAsync("volume", "new", recipe)).Expect(0);

        var run = (await area.RunAsync("volume", "export", recipe, "--ntfs", image, "--size", "2MiB")).Expect(5);

        Assert.That(run.Error, Does.Contain("--size 2 MiB (2097152 bytes) is too small").And.Contain("at least"));
        Assert.That(File.Exists(image), Is.False);
    }
}
