using Harness.Simulator.Content;
using Harness.Simulator.Snapshots;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Matching;

/// <summary>Bytes that move within a file are not sent again, at whatever offset they come to lie.</summary>
[Parallelizable]
public sealed class InsertionTests
{
    private const string File = "file.bin";
    private const long Mebibyte = 1 << 20;

    /// <summary>An edit may cost this beside the bytes that are new: two pages, and the extents of what it shifts.</summary>
    private const long PerEdit = 10_000;

    private static long LargeBytes => Environment.GetEnvironmentVariable("HARNESS_E2E_FULL") == "1" ? 512 * Mebibyte : 48 * Mebibyte;

    [Test]
    public async Task Backup_HundredBytesInsertedAtEightPlaces_SendsAQuarterMebibyteAtMost([Values] bool tracked)
    {
        var rig = await OfAsync(LargeBytes, tracked: tracked);
        var random = new Random(7);
        for (var i = 0; i < 8; i++)
        {
            rig.Volume.InsertGenerated(File, random.NextInt64(LargeBytes), 100, 900 + (ulong)i);
        }

        var report = await rig.BackupAsync();

        TestContext.Out.WriteLine($"sent {report.SentBytes} changed {report.ChangedBytes} read {report.ReadBytes}");
        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(256 << 10));
        Assert.That(report.ChangedBytes, Is.LessThanOrEqualTo(8 * (100 + (3 * 4096))));
        await rig.AssertAllWellAsync();
    }

    [TestCase(0, 1)]
    [TestCase(0, 4096)]
    [TestCase(0, 5_000_000)]
    [TestCase(1, 77)]
    [TestCase((1 << 20) - 1, 2)]
    [TestCase(3 << 20, 1 << 20)]
    [TestCase((8 << 20) - 9000, 3000)]
    public async Task Backup_BytesInserted_SendsThose(long offset, long length)
    {
        var rig = await OfAsync(8 * Mebibyte);
        rig.Volume.InsertGenerated(File, offset, length, 5);

        var report = await rig.BackupAsync();

        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(length + PerEdit));
        await rig.AssertAllWellAsync();
    }

    [TestCase(0, 1)]
    [TestCase(5000, 70_001)]
    [TestCase((2 << 20) + 1, (3 << 20) + 4095)]
    public async Task Backup_BytesDeleted_SendsNextToNothing(int offset, int length)
    {
        var rig = await OfAsync(8 * Mebibyte);
        Rewrite(rig, content => [.. content[..offset], .. content[(offset + length)..]]);

        var report = await rig.BackupAsync();

        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(PerEdit));
        await rig.AssertAllWellAsync();
    }

    [TestCase(1_000_001, 700_000, 6_000_003)]
    [TestCase(6_000_003, 700_000, 11)]
    public async Task Backup_BlockMoved_SendsNextToNothing(int from, int length, int to)
    {
        var rig = await OfAsync(8 * Mebibyte);
        Rewrite(rig, content =>
        {
            byte[] rest = [.. content[..from], .. content[(from + length)..]];
            return [.. rest[..to], .. content[from..(from + length)], .. rest[to..]];
        });

        var report = await rig.BackupAsync();

        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(3 * PerEdit));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_InsertedIntoContentThatRepeatsItself_SendsNextToNothing([Values(4096, 1000, 300_000)] int period)
    {
        var block = new byte[period];
        new Random(3).NextBytes(block);
        var rig = await OfAsync([.. Enumerable.Range(0, 6 << 20).Select(i => block[i % period])]);
        rig.Volume.InsertGenerated(File, 2_000_001, 123, 5);

        var report = await rig.BackupAsync();

        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(123 + PerEdit));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_InsertedBetweenZerosAndHoles_SendsAPageForEachBorder()
    {
        var rig = await OfAsync(8 * Mebibyte);
        rig.Volume.SetSparse(File);
        for (var i = 0; i < 6; i++)
        {
            rig.Volume.ZeroRange(File, (i * Mebibyte) + (65_536 * i), 131_072);
            rig.Volume.Write(File, (i * Mebibyte) + 700_000, new byte[50_000]);
        }

        await rig.BackupAsync();
        rig.Volume.InsertGenerated(File, 10, 5, 5);

        var report = await rig.BackupAsync();

        TestContext.Out.WriteLine($"sent {report.SentBytes} changed {report.ChangedBytes}");
        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(PerEdit + (6 * 6 * 4096)));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_LineInsertedIntoText_SendsThatLine()
    {
        var rig = await OfAsync(4 * Mebibyte, ContentProfile.Text);
        rig.Volume.InsertGenerated(File, 12_345, 80, 5);

        var report = await rig.BackupAsync();

        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(PerEdit));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_InsertedAgainAndAgain_SendsEachTimeThat()
    {
        var rig = await OfAsync(6 * Mebibyte);
        var random = new Random(11);
        for (var run = 0; run < 12; run++)
        {
            rig.Volume.InsertGenerated(File, random.NextInt64(6 * Mebibyte), 1 + random.Next(9000), 50 + (ulong)run);
            rig.Volume.WriteGenerated(File, random.NextInt64(6 * Mebibyte), 10, 80 + (ulong)run);

            var report = await rig.BackupAsync();

            Assert.That(report.SentBytes, Is.LessThanOrEqualTo(9000 + (2 * PerEdit)), $"run {run}");
        }

        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_InsertedAfterScratchWasLost_SendsTheTailAndRestores()
    {
        var rig = await OfAsync(4 * Mebibyte);
        rig.Scratch.Clear();
        rig.Volume.InsertGenerated(File, 100_000, 5, 5);
        await rig.BackupAsync();
        rig.Volume.InsertGenerated(File, 200_000, 5, 6);

        var report = await rig.BackupAsync();

        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(PerEdit));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_AllContentNew_SendsItAndRestores()
    {
        var rig = await OfAsync(4 * Mebibyte);
        rig.Volume.WriteGenerated(File, 0, 4 * Mebibyte, 1234);

        var report = await rig.BackupAsync();

        Assert.That(report.ChangedBytes, Is.EqualTo(4 * Mebibyte));
        await rig.AssertAllWellAsync();
    }

    private static void Rewrite(EngineRig rig, Func<byte[], byte[]> edit)
    {
        var content = new byte[rig.Volume.Get(File).Streams[0].SizeBytes];
        rig.Volume.Read(File, 0, content);
        var edited = edit(content);
        rig.Volume.SetEndOfFile(File, 0);
        rig.Volume.Write(File, 0, edited);
    }

    private static async Task<EngineRig> OfAsync(byte[] content)
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile(File);
        rig.Volume.Write(File, 0, content);
        await rig.BackupAsync();
        return rig;
    }

    private static async Task<EngineRig> OfAsync(long sizeBytes, ContentProfile? profile = null, bool tracked = false)
    {
        var rig = new EngineRig { ChangeTracking = tracked ? new SimChangeTracking { KeptSnapshots = 8 } : null };
        rig.Volume.CreateFile(File, sizeBytes, profile, seed: 42);
        await rig.BackupAsync();
        return rig;
    }
}
