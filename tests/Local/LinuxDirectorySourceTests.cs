using Harness.Engine.Errors;
using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using NUnit.Framework;

namespace Harness.Tests.Local;

[TestFixture]
internal sealed class LinuxDirectorySourceTests
{
    [Test]
    public async Task Listing_Tree_GivesDirectoriesFirstAndNamesInOrdinalOrder()
    {
        using var temp = new TempDirectory();
        temp.Write("b/y.txt", "y");
        temp.Write("b/X.txt", "x");
        temp.Write("a.txt", "a");
        temp.Write("B.txt", "B");
        temp.Write("b.txt", "b");

        await using var listing = await SourceListing.OfAsync(temp.Path);

        Assert.That(listing.Order, Is.EqualTo(["", "B.txt", "a.txt", "b", "b/X.txt", "b/y.txt", "b.txt"]));
        Assert.That(listing.Errors, Is.Empty);
    }

    [Test]
    public async Task Listing_PlainFile_CarriesStatusToTheNanosecond()
    {
        using var temp = new TempDirectory();
        temp.Write("f", "hello");
        temp.Shell("chmod 4750 f; touch -d '2001-02-03 04:05:06.123456789Z' f");

        await using var listing = await SourceListing.OfAsync(temp.Path);

        var entry = listing["f"];
        var inode = ulong.Parse(temp.Shell("stat -c %i f"));
        Assert.Multiple(() =>
        {
            Assert.That(entry.FileReference, Is.EqualTo(inode));
            Assert.That(entry.ParentReference, Is.EqualTo(listing[""].FileReference));
            Assert.That(entry.Kind, Is.EqualTo(EntryKind.File));
            Assert.That(entry.Traits, Is.EqualTo(EntryTraits.None));
            Assert.That(entry.Times.Written, Is.EqualTo(new Timestamp(981_173_106, 123_456_789)));
            Assert.That(entry.Times.Changed!.Value.UnixSeconds, Is.GreaterThan(1_600_000_000));
            Assert.That(entry.Security.ToPosix()!.Value.Mode, Is.EqualTo(0x9e8u));
            Assert.That(entry.Streams.Single().SizeBytes, Is.EqualTo(5));
        });
    }

    [Test]
    public async Task Listing_SparseFile_IsSparseAndItsHolesAreNotRanges()
    {
        using var temp = new TempDirectory();
        temp.Shell("truncate -s 1M s; printf data | dd of=s bs=1 seek=524288 conv=notrunc status=none; truncate -s 9 tiny; sync s");

        await using var listing = await SourceListing.OfAsync(temp.Path);
        var ranges = await listing.RangesAsync("s");

        Assert.That(listing["s"].Traits, Is.EqualTo(EntryTraits.Sparse));
        Assert.That(listing["tiny"].Traits, Is.EqualTo(EntryTraits.Sparse));
        Assert.That(ranges, Is.EqualTo([new ByteRange(524_288, 4096)]));
        Assert.That(await listing.RangesAsync("tiny"), Is.Empty);
    }

    [TestCase("head -c 100000 /dev/zero > f")]
    [TestCase("fallocate -l 100000 f")]
    [TestCase("printf x > f")]
    [TestCase(": > f")]
    public async Task Listing_FileWithoutHoles_IsNotSparse(string make)
    {
        using var temp = new TempDirectory();
        temp.Shell(make);

        await using var listing = await SourceListing.OfAsync(temp.Path);
        var length = listing["f"].Streams[0].SizeBytes;

        Assert.That(listing["f"].Traits, Is.EqualTo(EntryTraits.None));
        Assert.That(await listing.RangesAsync("f"), length == 0 ? Is.Empty : Is.EqualTo([new ByteRange(0, length)]));
    }

    [Test]
    public async Task Listing_FileMarkedCompressed_IsCompressed()
    {
        using var temp = new TempDirectory();
        if (!temp.Shell("touch f; chattr +c f 2>/dev/null && echo done || true").Contains("done", StringComparison.Ordinal))
        {
            Assert.Ignore("The file system of temporary files takes no compression mark.");
        }

        await using var listing = await SourceListing.OfAsync(temp.Path);

        Assert.That(listing["f"].Traits, Is.EqualTo(EntryTraits.Compressed));
        Assert.That(listing["f"].Streams[0].Traits, Is.EqualTo(EntryTraits.Compressed));
    }

    [Test]
    public async Task Listing_LinksAndSpecialFiles_CarryTheirTraits()
    {
        using var temp = new TempDirectory();
        temp.Shell("echo x > h1; mkdir d; ln h1 d/h2; ln -s h1 s; ln -s d sd; ln -s nowhere sn; mkfifo p; echo y > once");

        await using var listing = await SourceListing.OfAsync(temp.Path);

        Assert.Multiple(() =>
        {
            Assert.That(listing["h1"].Traits, Is.EqualTo(EntryTraits.HardLink));
            Assert.That(listing["h1"].LinkCount, Is.EqualTo(2));
            Assert.That(listing["d/h2"].FileReference, Is.EqualTo(listing["h1"].FileReference));
            Assert.That(listing["once"].LinkCount, Is.EqualTo(1));
            foreach (var link in new[] { "s", "sd", "sn" })
            {
                Assert.That(listing[link].Kind, Is.EqualTo(EntryKind.SymbolicLink));
                Assert.That(listing[link].Traits, Is.EqualTo(EntryTraits.ReparsePoint));
                Assert.That(listing[link].ReparseTag, Is.EqualTo(0xA000000Cu));
            }

            Assert.That(listing["p"].Kind, Is.EqualTo(EntryKind.Special));
            Assert.That(listing["p"].Traits, Is.EqualTo(EntryTraits.Special));
            Assert.That(listing.Entries.Keys, Has.No.Member("sd/h2"));
        });
    }

    [Test]
    public async Task Listing_NameThatIsNotUtf8_IsOneErrorWithVisibleBytes()
    {
        using var temp = new TempDirectory();
        temp.Shell("echo x > $'bad\\xff\\\\name'; echo y > good; mkdir $'dir\\xfe'; echo z > $'dir\\xfe/inside'");

        await using var listing = await SourceListing.OfAsync(temp.Path);

        Assert.That(listing.Entries.Keys, Is.EquivalentTo(["", "good"]));
        Assert.That(listing.Errors.Keys, Is.EquivalentTo([@"bad\xff\x5cname", @"dir\xfe"]));
        Assert.That(listing.Errors.Values.Select(error => error.Fault), Is.All.EqualTo(SourceFault.NameInvalid));
    }

    [Test]
    public async Task Listing_TreeDeeperThanDescriptorsAndPathMax_IsListedAndReadWhole()
    {
        using var temp = new TempDirectory();
        var part = new string('d', 50);
        temp.Shell($"for i in $(seq 300); do mkdir {part}; cd {part}; echo x > z; done; echo deep > leaf");

        await using var listing = await SourceListing.OfAsync(temp.Path);
        var leaf = string.Concat(Enumerable.Repeat(part + "/", 300)) + "leaf";

        Assert.That(listing.Entries, Has.Count.EqualTo(602));
        Assert.That(await listing.ReadAsync(leaf), Is.EqualTo("deep\n"u8.ToArray()));
    }

    [TestCase("missing")]
    [TestCase("file")]
    [TestCase("dangling")]
    public async Task Describe_NoDirectoryThere_IsSourceNotFound(string name)
    {
        using var temp = new TempDirectory();
        temp.Shell("echo x > file; ln -s nowhere dangling");
        var source = new LinuxDirectorySource(temp.At(name), TimeProvider.System);

        var error = await Assert.ThrowsAsync<BackupException>(async () => await source.DescribeAsync(default));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.SourceNotFound));
        Assert.That(error.Message, Does.Contain(temp.At(name)));
    }

    [TestCase("echo x > Readme")]
    [TestCase("echo x > a; ln a A")]
    [TestCase(":")]
    public async Task Describe_OrdinaryLinuxDirectory_IsCaseSensitiveWithEvidence(string make)
    {
        using var temp = new TempDirectory();
        temp.Shell(make);

        var volume = await new LinuxDirectorySource(temp.Path, TimeProvider.System).DescribeAsync(default);

        Assert.That(volume.IsCaseSensitive, Is.True);
        Assert.That(volume.CaseEvidence, Is.Not.Empty);
        Assert.That(volume.FileSystemName, Is.EqualTo(temp.Shell("findmnt -no FSTYPE -T .").Trim()));
    }

    [Test]
    public async Task Open_FileGoneOrReplaced_IsVanished()
    {
        using var temp = new TempDirectory();
        temp.Shell("for f in gone replaced linked moved piped; do echo x > $f; done; mkdir d; echo x > d/f");
        await using var listing = await SourceListing.OfAsync(temp.Path);

        temp.Shell("rm gone; echo y > new; mv new replaced; rm linked; ln -s replaced linked; mv moved away; ln -s away moved; rm piped; mkfifo piped; rm -r d");

        foreach (var path in new[] { "gone", "replaced", "linked", "moved", "piped", "d/f" })
        {
            var error = await Assert.ThrowsAsync<SourceReadException>(async () => await listing.ReadAsync(path), path);
            Assert.That(error!.Fault, Is.EqualTo(SourceFault.Vanished), path);
            Assert.That(error.Path, Is.EqualTo(path));
        }
    }

    [TestCase("printf z >> f", false)]
    [TestCase("printf zz | dd of=f conv=notrunc status=none", false)]
    [TestCase("cat f > /dev/null", true)]
    public async Task IsUnchanged_AfterWhatHappenedWhileOpen_TellsWritesOnly(string meanwhile, bool expected)
    {
        using var temp = new TempDirectory();
        temp.Write("f", "hello");
        temp.Shell("touch -d 2001-01-01 f");
        await using var listing = await SourceListing.OfAsync(temp.Path);
        var entry = listing["f"];
        await using var reader = await listing.Snapshot.OpenAsync(entry, entry.Streams[0], default);

        temp.Shell(meanwhile);

        Assert.That(await reader.IsUnchangedAsync(default), Is.EqualTo(expected));
    }

    [Test]
    public async Task IsAlive_RootRemovedOrReplaced_SaysNo()
    {
        using var temp = new TempDirectory();
        temp.Shell("mkdir a");
        await using var listing = await SourceListing.OfAsync(temp.At("a"));
        var before = await listing.Snapshot.IsAliveAsync(default);

        temp.Shell("mv a b; mkdir a");

        Assert.That(before, Is.True);
        Assert.That(await listing.Snapshot.IsAliveAsync(default), Is.False);
    }
}
