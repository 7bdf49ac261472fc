using Harness.Engine.Backup;
using Harness.Engine.Model;
using Harness.Engine.Rules;
using Harness.Simulator.Content;
using Harness.Simulator.Volume;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>What each kind of file costs to protect, and that it comes back as what it was.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FileKindTests
{
    private const int Page = 4096;
    private const int MiB = 1 << 20;
    private const int FixedBytes = 16 << 10;

    [Test]
    public async Task Sparse_TerabyteWithAMegabyteOfData_CostsTheMegabyte([Values] TrackedWay way)
    {
        var rig = new EngineRig().With(way);
        rig.Volume.CreateFile("disk.vhdx");
        rig.Volume.SetSparse("disk.vhdx");
        rig.Volume.SetEndOfFile("disk.vhdx", 1L << 40);
        rig.Volume.WriteGenerated("disk.vhdx", 700L << 30, MiB, 7);

        var full = await rig.BackupAsync();
        rig.Volume.WriteGenerated("disk.vhdx", (700L << 30) + (64 << 10), Page, 8);
        var next = await rig.BackupAsync();

        Assert.That((full.ReadBytes, full.ChangedBytes), Is.EqualTo((MiB, MiB)));
        Assert.That(full.SentBytes, Is.LessThanOrEqualTo(MiB + FixedBytes));
        Assert.That((full.Protected.LogicalBytes, full.Protected.AllocatedBytes), Is.EqualTo((1L << 40, (long)MiB)));
        Assert.That(next.ReadBytes, Is.LessThanOrEqualTo(MiB).And.GreaterThanOrEqualTo(Page));
        Assert.That(next.ChangedBytes, Is.EqualTo(Page));
        Assert.That(next.SentBytes, Is.LessThanOrEqualTo(Page + FixedBytes));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Compressed_File_IsReadAsItsDataAndRestoredCompressed()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("log.txt", MiB, ContentProfile.Text);
        rig.Volume.SetCompression("log.txt");

        var report = await rig.BackupAsync();
        var (_, restored) = await rig.RestoreAsync();

        Assert.That(report.Protected.AllocatedBytes, Is.LessThan(MiB));
        Assert.That((report.ReadBytes, report.ChangedBytes, report.Protected.LogicalBytes), Is.EqualTo((MiB, MiB, MiB)));
        Assert.That(restored.Find("log.txt")!.Streams[0].Flags, Is.EqualTo(StreamFlags.Compressed));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Encrypted_AnyChangeOfItsData_SendsItsRawFormWholeAndOthersSendNothing([Values] TrackedWay way)
    {
        const int Size = 300_000;
        var rig = new EngineRig().With(way);
        rig.Volume.CreateFile("secret.bin", Size, seed: 3);
        rig.Volume.Encrypt("secret.bin");
        var raw = (long)EfsCipher.RawLength(Size);
        var full = await rig.BackupAsync();

        rig.Volume.SetAttributes("secret.bin", FileAttributes.Hidden);
        var named = await rig.BackupAsync();
        rig.Volume.Write("secret.bin", 150_000, [1]);
        var changed = await rig.BackupAsync();

        Assert.That((full.ReadBytes, full.ChangedBytes), Is.EqualTo((raw, raw)));
        Assert.That(full.FullOnly, Is.EqualTo(new[] { "secret.bin" }));
        Assert.That((named.ChangedBytes, named.FullOnly.Count), Is.EqualTo((0L, 1)));
        Assert.That(named.SentBytes, Is.LessThanOrEqualTo(FixedBytes));
        Assert.That(changed.ChangedBytes, Is.EqualTo(raw));
        Assert.That(changed.SentBytes, Is.GreaterThanOrEqualTo(raw));
        Assert.That((await rig.RestoreAsync()).Volume.Find("secret.bin")!.Streams[0].Flags, Is.EqualTo(StreamFlags.Encrypted));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Streams_OneOfThemChanged_TheOthersAreNotRead(
        [Values(TrackedWay.Snapshots, TrackedWay.Journal, TrackedWay.JournalRanges)] TrackedWay way)
    {
        var rig = new EngineRig().With(way);
        rig.Volume.CreateFile("movie.bin", MiB, seed: 1);
        rig.Volume.CreateStream("movie.bin:subtitles", 20_000, seed: 2);
        _ = await rig.BackupAsync();

        rig.Volume.WriteGenerated("movie.bin:subtitles", Page, Page, 9);
        var stream = await rig.BackupAsync();
        rig.Volume.WriteGenerated("movie.bin", Page, Page, 10);
        var main = await rig.BackupAsync();

        Assert.That((stream.ChangedBytes, main.ChangedBytes), Is.EqualTo(((long)Page, (long)Page)));
        Assert.That(stream.ReadBytes, Is.LessThanOrEqualTo(20_000), "the stream, and nothing of the file's own data");
        Assert.That(main.ReadBytes, Is.EqualTo(way == TrackedWay.Journal ? MiB : Page), "the file's own data, and nothing of the stream");
        await rig.AssertAllWellAsync();
    }

    [TestCase(ReparseTags.SymbolicLink, false, "file.reparse-point", "documented")]
    [TestCase(ReparseTags.SymbolicLink, true, "file.reparse-point", "documented")]
    [TestCase(ReparseTags.MountPoint, true, "file.reparse-point", "documented")]
    [TestCase(0x9000601Au, false, "file.reparse-point", "documented", TestName = "Reparse_CloudPlaceholder")]
    [TestCase(0x80000017u, false, "file.reparse-point", "documented", TestName = "Reparse_WindowsOverlay")]
    [TestCase(0x80005555u, false, "file.reparse-point", "documented", TestName = "Reparse_UnknownTag")]
    [TestCase(ReparseContent.DeduplicatedTag, false, "file.deduplicated", "open", TestName = "Reparse_Deduplicated")]
    public async Task Reparse(uint tag, bool isDirectory, string clause, string status)
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("real.txt", 5000);
        MakePoint(rig.Volume, tag, isDirectory);

        var report = await rig.BackupAsync();

        Assert.That(report.Skipped, Is.EqualTo(new[] { new SkippedItem("point", "reparse-point", clause, status) }));
        Assert.That((report.ReadBytes, report.Protected.Files), Is.EqualTo((5000L, 1L)));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Deduplicated_UnderAProfileThatSupportsIt_IsProtectedAsOrdinaryData()
    {
        var rules = ProfileCatalog.Load(ProfileCatalog.DefaultId);
        var clause = rules.GetClause("file.deduplicated");
        var supports = new RuleProfile(
            "supports-deduplication",
            rules.Title,
            rules.Options,
            rules.Clauses,
            [new FileTypeRule(RuleSubject.Entry, EntryTraits.Deduplicated, new Verdict(Protection.Incremental, null, clause)), .. rules.FileTypes]);
        var rig = new EngineRig();
        MakePoint(rig.Volume, ReparseContent.DeduplicatedTag, isDirectory: false, sizeBytes: 50_000);

        var report = await rig.BackupAsync(request => request with { Profile = supports });
        var (_, restored) = await rig.RestoreAsync();

        Assert.That((report.ReadBytes, report.Skipped.Count), Is.EqualTo((50_000L, 0)));
        Assert.That(restored.Find("point")!.Streams[0].SizeBytes, Is.EqualTo(50_000));
        Assert.That(restored.Find("point")!.ReparseTag, Is.Null);
        Assert.That(restored.Find("point")!.Attributes & FileAttributes.ReparsePoint, Is.EqualTo(FileAttributes.None));
        Assert.That(Bytes(restored), Is.EqualTo(Bytes(rig.Volume)));
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
    }

    [Test]
    public async Task Deduplicated_WithReparsePointsPreserved_IsSkippedStill()
    {
        var rig = new EngineRig();
        MakePoint(rig.Volume, ReparseContent.DeduplicatedTag, isDirectory: false);

        var report = await rig.BackupAsync(
            request => request with { Profile = request.Profile.Preserving(PreserveModes.ReparsePoints) });

        // Its tag leads to a store of chunks that nobody has after a restore: kept as it is, it would hold nothing.
        Assert.That(report.Skipped.Select(item => item.Clause), Is.EqualTo(new[] { "file.deduplicated" }));
    }

    private static byte[] Bytes(SimVolume volume)
    {
        var bytes = new byte[50_000];
        Assert.That(volume.Read("point", 0, bytes), Is.EqualTo(bytes.Length));
        return bytes;
    }

    private static void MakePoint(SimVolume volume, uint tag, bool isDirectory, long sizeBytes = 0)
    {
        if (isDirectory)
        {
            volume.CreateDirectory("point");
        }
        else
        {
            volume.CreateFile("point", sizeBytes, seed: 4);
        }

        volume.SetReparsePoint(
            "point", tag, tag is ReparseTags.SymbolicLink or ReparseTags.MountPoint ? ReparseTags.DataFor(tag, "real.txt") : new byte[16]);
    }
}
