using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using Harness.Engine.Rules;
using Harness.Tests.Local;
using Harness.Tests.Support;
using NUnit.Framework;
using static Harness.Engine.Model.EntryTraits;

namespace Harness.Tests.Ntfs;

/// <summary>A volume with everything that ntfs-3g can make, read by the source and judged by the rules.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class NtfsSourceTests
{
    private NtfsVolume _volume = null!;
    private SourceListing _listing = null!;

    [OneTimeSetUp]
    public async Task PopulateAsync()
    {
        _volume = NtfsVolume.Create();
        NtfsPopulator.Populate(_volume, NtfsFixtureItems.All);
        _listing = await SourceListing.OfAsync(_volume.Root);
    }

    [OneTimeTearDown]
    public async Task ReleaseAsync()
    {
        if (_listing is not null)
        {
            await _listing.DisposeAsync();
        }

        _volume?.Dispose();
    }

    [Test]
    public void Listing_WholeVolume_HasEveryItemAndNoTrouble()
    {
        Assert.That(_listing.Errors.Values.Select(error => error.Message), Is.Empty);
        Assert.That(_listing.Entries.Keys, Is.EquivalentTo(NtfsFixtureItems.All.Select(item => item.Path).Append("")));
    }

    [TestCase("plain.txt", None, Protection.Incremental, null)]
    [TestCase("empty.txt", None, Protection.Incremental, null)]
    [TestCase("compressed.dir", EntryTraits.Directory | Compressed, Protection.Incremental, null)]
    [TestCase("compressed.dir/compressed.txt", Compressed, Protection.Incremental, null)]
    [TestCase("compressed.dir/plain-inside.txt", None, Protection.Incremental, null)]
    [TestCase("sparse.bin", Sparse, Protection.Incremental, null)]
    [TestCase("encrypted.dat", Encrypted, Protection.FullOnly, null)]
    [TestCase("encrypted-empty.dat", Encrypted, Protection.FullOnly, null)]
    [TestCase("encrypted-sparse.dat", Encrypted | Sparse, Protection.Skipped, "encrypted-and-sparse")]
    [TestCase("encrypted.dir", EntryTraits.Directory | Encrypted, Protection.Incremental, null)]
    [TestCase("junction", EntryTraits.Directory | ReparsePoint, Protection.Skipped, "reparse-point")]
    [TestCase("symlink.txt", ReparsePoint, Protection.Skipped, "reparse-point")]
    [TestCase("dedup.bin", ReparsePoint, Protection.Skipped, "reparse-point")]
    [TestCase("cloud.docx", ReparsePoint, Protection.Skipped, "reparse-point")]
    [TestCase("third-party", ReparsePoint, Protection.Skipped, "reparse-point")]
    [TestCase("streams.txt", None, Protection.Incremental, null)]
    [TestCase("linked.txt", HardLink, Protection.Skipped, "hard-link")]
    [TestCase("compressed.dir/other-name.txt", HardLink, Protection.Skipped, "hard-link")]
    [TestCase("Long File Name.document", None, Protection.Incremental, null)]
    [TestCase("attributes.txt", None, Protection.Incremental, null)]
    [TestCase("hidden.dir/inside.txt", None, Protection.Incremental, null)]
    public void Entry_OfEachKind_HasItsTraitsAndVerdict(
        string path, EntryTraits traits, Protection protection, string? reason)
    {
        var verdict = Classifier.Classify(ProfileCatalog.Load("dpm-classic-2018"), _listing[path].Traits);

        Assert.That(_listing[path].Traits, Is.EqualTo(traits));
        Assert.That((verdict.Protection, verdict.Reason), Is.EqualTo((protection, reason)));
    }

    [TestCase("streams.txt", "plain", NamedStream, Protection.Incremental, null)]
    [TestCase("streams.txt", "small", NamedStream, Protection.Incremental, null)]
    [TestCase("streams.txt", "sparse", NamedStream | Sparse, Protection.Skipped, "sparse-stream")]
    [TestCase("compressed.dir/streams.txt", "packed", NamedStream | Compressed, Protection.Skipped, "compressed-stream")]
    [TestCase("encrypted-streams.dat", "secret", NamedStream | Encrypted, Protection.FullOnly, null)]
    [TestCase("streams.dir", "note", NamedStream, Protection.Incremental, null)]
    public void Stream_OfEachKind_HasItsTraitsAndVerdict(
        string path, string name, EntryTraits traits, Protection protection, string? reason)
    {
        var stream = _listing[path].Streams.Single(s => s.Name == name);
        var verdict = Classifier.Classify(ProfileCatalog.Load("dpm-classic-2018"), stream.Traits);

        Assert.That(stream.Traits, Is.EqualTo(traits));
        Assert.That((verdict.Protection, verdict.Reason), Is.EqualTo((protection, reason)));
    }

    [TestCase("junction", 0xA0000003u)]
    [TestCase("symlink.txt", 0xA000000Cu)]
    [TestCase("dedup.bin", 0x80000013u)]
    [TestCase("cloud.docx", 0x9000601Au)]
    [TestCase("third-party", 0x00001234u)]
    public void ReparseTag_OfEachReparsePoint_IsTheTrueOne(string path, uint tag) =>
        Assert.That(_listing[path].ReparseTag, Is.EqualTo(tag));

    [Test]
    public async Task Streams_OfEveryReadableItem_ReadBackWhatWasWritten()
    {
        foreach (var item in NtfsFixtureItems.All.Where(item => item.HardLinkTo is null && item.ReparseData is null))
        {
            if (!item.IsDirectory)
            {
                var plain = new byte[item.HoleBytes ?? 0].Concat(item.Content).ToArray();
                var expected = item is { IsEncrypted: true, HoleBytes: null } ? NtfsPopulator.RawForm(plain)
                    : item.IsEncrypted ? new byte[item.HoleBytes!.Value].Concat(NtfsPopulator.RawForm(item.Content)).ToArray()
                    : plain;
                Assert.That((await _listing.ReadAsync(item.Path)).AsSpan().SequenceEqual(expected), item.Path);
            }

            foreach (var stream in item.Streams)
            {
                var plain = new byte[stream.HoleBytes ?? 0].Concat(stream.Content).ToArray();
                var expected = item.IsEncrypted ? NtfsPopulator.RawForm(plain) : plain;
                var actual = await _listing.ReadAsync(item.Path, stream.Name);
                Assert.That(actual.AsSpan().SequenceEqual(expected), $"{item.Path}:{stream.Name}");
            }
        }
    }

    [Test]
    public void EncryptedStreams_Sizes_AreLogicalAndRaw()
    {
        var own = _listing["encrypted-streams.dat"].Streams[0];
        var named = _listing["encrypted-streams.dat"].Streams[1];

        Assert.That((own.SizeBytes, own.RawSizeBytes), Is.EqualTo((700L, 1026L)));
        Assert.That((named.SizeBytes, named.RawSizeBytes), Is.EqualTo((1500L, 1538L)));
        Assert.That(
            _listing["encrypted-streams.dat"].EncryptionInfo.Span.SequenceEqual(NtfsPopulator.EfsInfo), Is.True);
    }

    // ntfs-3g has no cluster for the last two bytes of the raw form when the ciphertext fills its last one.
    [TestCase(4096)]
    [TestCase(65_536)]
    [TestCase(65_536 - 100)]
    [TestCase(204_800)]
    public async Task Streams_OfCiphertextThatFillsItsLastCluster_ReadBackWithTheirPadding(int bytes)
    {
        using var volume = NtfsVolume.Create();
        NtfsPopulator.Populate(
            volume, [new NtfsItem { Path = "full.dat", Content = NtfsFixtureItems.Text(bytes), IsEncrypted = true }]);

        await using var listing = await SourceListing.OfAsync(volume.Root);

        Assert.That(listing["full.dat"].Streams[0].SizeBytes, Is.EqualTo(bytes));
        Assert.That(
            await listing.ReadAsync("full.dat"), Is.EqualTo(NtfsPopulator.RawForm(NtfsFixtureItems.Text(bytes))));
    }

    [Test]
    public async Task Ranges_OfSparseFileAndStream_LeaveTheHolesOut()
    {
        Assert.That(await _listing.RangesAsync("sparse.bin"), Is.EqualTo([new ByteRange(4 << 20, 4096)]));
        Assert.That(await _listing.RangesAsync("streams.txt", "sparse"), Is.EqualTo([new ByteRange(1 << 20, 4096)]));
        Assert.That(_listing["sparse.bin"].Streams[0].AllocatedBytes, Is.EqualTo(4096));
        Assert.That(_listing["streams.txt"].Streams.Single(s => s.Name == "sparse").AllocatedBytes, Is.EqualTo(4096));
    }

    [Test]
    public void Metadata_SetByHand_IsListedAsItIs()
    {
        var times = _listing["times.txt"].Times;

        Assert.Multiple(() =>
        {
            Assert.That(times.Created!.Value.ToFileTime(), Is.EqualTo(NtfsFixtureItems.Created));
            Assert.That(times.Written!.Value.ToFileTime(), Is.EqualTo(NtfsFixtureItems.Written));
            Assert.That(times.Accessed!.Value.ToFileTime(), Is.EqualTo(NtfsFixtureItems.Accessed));
            Assert.That(times.Changed!.Value.ToFileTime(), Is.GreaterThan(NtfsFixtureItems.Written));
            Assert.That(_listing["attributes.txt"].Attributes & 0x3127, Is.EqualTo(0x27));
            Assert.That(_listing["hidden.dir"].Attributes & 0x12, Is.EqualTo(0x12));
            Assert.That(_listing["acl.txt"].Security.Kind, Is.EqualTo(SecurityKind.Windows));
            Assert.That(_listing["acl.txt"].Security.Bytes.ToArray(), Is.EqualTo(NtfsFixtureItems.SecurityDescriptor));
            Assert.That(_listing["Long File Name.document"].LinkCount, Is.EqualTo(1));
            Assert.That(_listing["linked.txt"].LinkCount, Is.EqualTo(2));
        });
    }

    [Test]
    public async Task Describe_NtfsThroughTheDriver_IsNtfsAndNotCaseSensitive()
    {
        var volume = await new LinuxDirectorySource(_volume.Root, TimeProvider.System).DescribeAsync(default);

        Assert.That(volume.FileSystem, Is.EqualTo(FileSystemKind.Ntfs));
        Assert.That(volume.FileSystemName, Is.EqualTo("NTFS (ntfs-3g)"));
        Assert.That(volume.IsCaseSensitive, Is.False);
        Assert.That(volume.HasReliableChangeTime, Is.True);
        Assert.That(volume.ClusterBytes, Is.EqualTo(4096));
    }

    [TestCase("printf changed >> ct")]
    [TestCase("printf x | dd of=ct bs=1 seek=3 conv=notrunc status=none")]
    [TestCase("truncate -s 2 ct")]
    [TestCase("printf y > ct:stream")]
    [TestCase("touch -d 2001-01-01 ct; printf z | dd of=ct bs=1 conv=notrunc status=none; touch -d 2001-01-01 ct")]
    public async Task ChangeTime_AfterEachKindOfChange_HasMoved(string change)
    {
        using var temp = new TempDirectory(_volume.Root);
        temp.Shell("printf content > ct; printf old > ct:stream");
        await using var before = await SourceListing.OfAsync(temp.Path);

        temp.Shell(change);

        await using var after = await SourceListing.OfAsync(temp.Path);
        Assert.That(after["ct"].Times.Changed!.Value, Is.GreaterThan(before["ct"].Times.Changed!.Value));
    }
}
