using Harness.Scenarios.Searches.Processes;
using Harness.Tests.CommandLine;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.EndToEnd;

/// <summary>
/// One percent of the pages of a large file, overwritten at random: what the built program sends to Azurite, by its own count and
/// by that of a proxy between the two. HARNESS_E2E_FULL=1 takes the file of 512 MiB.
/// </summary>
[TestFixture]
[Platform("Linux", Reason = "Directories are read on Linux.")]
[Category("Azurite")]
internal sealed class WireBudgetTests
{
    private const int Seed = 54400;
    private const int PageBytes = 4096;
    private const int ChunkBytes = 1 << 20;
    private const long FixedBudgetBytes = 64 << 10;
    private const double Tolerance = 0.01;

    private static readonly int Chunks = Environment.GetEnvironmentVariable("HARNESS_E2E_FULL") == "1" ? 512 : 128;

    [Test]
    public async Task Incremental_OfOnePercentOfThePages_SendsLittleMoreThanThem()
    {
        await TestContext.Progress.WriteLineAsync($"{Chunks} MiB from seed {Seed}");
        using var area = new WorkArea();
        var azurite = await SharedAzurite.GetAsync();
        var location = await SharedAzurite.NewContainerAsync();
        await using var proxy = new LineProxy(azurite.Endpoint);
        var vault = $"http://127.0.0.1:{proxy.Port}/{location.Account}/{location.Container}";
        var environment = new Dictionary<string, string?>(area.Environment) { ["AZURE_STORAGE_KEY"] = azurite.AccountKey };
        Task<MeasuredRun> BackupAsync() => MeasuredRun.OfAsync(
            environment, "backup", area.Source, "--vault", vault, "--passphrase-file", area.PassphraseFile, "--allow-case-sensitive", "--json");
        var random = new Random(Seed);
        Create(area.In("source/large.bin"), random);

        var full = (await BackupAsync()).Expect(0).Json;
        var sentInFull = proxy.ToServerBytes;
        var changedBytes = Overwrite(area.In("source/large.bin"), random);
        var incremental = (await BackupAsync()).Expect(0).Json;
        var sent = proxy.ToServerBytes - sentInFull;

        await TestContext.Progress.WriteLineAsync($"  changed {changedBytes:N0} bytes, sent {sent:N0}: {(double)sent / changedBytes:0.0000}");
        Assert.Multiple(() =>
        {
            Assert.That(incremental.GetProperty("changedBytes").GetInt64(), Is.EqualTo(changedBytes));
            Assert.That(sent, Is.LessThanOrEqualTo((1.05 * changedBytes) + FixedBudgetBytes));
            Assert.That((double)sent / incremental.GetProperty("sentBytes").GetInt64(), Is.EqualTo(1).Within(Tolerance));
            Assert.That((double)sentInFull / full.GetProperty("sentBytes").GetInt64(), Is.EqualTo(1).Within(Tolerance));
        });
    }

    private static void Create(string path, Random random)
    {
        var chunk = new byte[ChunkBytes];
        using var file = File.Create(path);
        for (var i = 0; i < Chunks; i++)
        {
            random.NextBytes(chunk);
            file.Write(chunk);
        }
    }

    /// <summary>Overwrites one page in a hundred, no page twice; returns the bytes.</summary>
    private static long Overwrite(string path, Random random)
    {
        var page = new byte[PageBytes];
        var pages = Enumerable.Range(0, Chunks * (ChunkBytes / PageBytes)).ToArray();
        random.Shuffle(pages);
        using var file = File.OpenWrite(path);
        foreach (var index in pages.Take(pages.Length / 100))
        {
            random.NextBytes(page);
            file.Position = (long)index * PageBytes;
            file.Write(page);
        }

        return pages.Length / 100 * (long)PageBytes;
    }
}
