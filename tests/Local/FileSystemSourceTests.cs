using Harness.Engine.Errors;
using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using NUnit.Framework;
using RealFileSystem = System.IO.Abstractions.FileSystem;

namespace Harness.Tests.Local;

[TestFixture]
internal sealed class FileSystemSourceTests
{
    [Test]
    public async Task Listing_ThroughTheInterface_IsOrderedAndReadable()
    {
        using var temp = new TempDirectory();
        temp.Shell("mkdir -p b/c; echo one > b/one; echo two > a; ln -s a link; ln -s b dirlink");

        await using var listing = await SourceListing.OfAsync(Source(temp));

        Assert.That(listing.Order, Is.EqualTo(["", "a", "b", "b/c", "b/one", "dirlink", "link"]));
        Assert.That(await listing.ReadAsync("b/one"), Is.EqualTo("one\n"u8.ToArray()));
        Assert.That(listing["link"].Traits, Is.EqualTo(EntryTraits.ReparsePoint));
        Assert.That(listing["dirlink"].Traits & EntryTraits.ReparsePoint, Is.EqualTo(EntryTraits.ReparsePoint));
        Assert.That(listing["b/one"].ParentReference, Is.EqualTo(listing["b"].FileReference));
    }

    [Test]
    public async Task FileReference_OfTheSamePath_IsTheSameInEveryRun()
    {
        using var temp = new TempDirectory();
        temp.Shell("mkdir d; echo one > d/f");
        await using var listing = await SourceListing.OfAsync(Source(temp));

        // First eight bytes of SHA-256 over the UTF-16 path: stored in manifests, so it may never change.
        Assert.That(listing["d/f"].FileReference, Is.EqualTo(0x5584_3F0E_2436_78A6ul));
    }

    [TestCase("echo x > Name", null, true)]
    [TestCase("echo x > Name", false, false)]
    [TestCase(":", null, true)]
    public async Task Describe_CaseSensitivity_IsProbedOrStated(string make, bool? stated, bool expected)
    {
        using var temp = new TempDirectory();
        temp.Shell(make);

        var volume = await Source(temp, new FileSystemSourceOptions { IsCaseSensitive = stated }).DescribeAsync(default);

        Assert.That(volume.IsCaseSensitive, Is.EqualTo(expected));
        Assert.That(volume.HasReliableChangeTime, Is.False);
    }

    [Test]
    public async Task Open_FileGone_IsVanished()
    {
        using var temp = new TempDirectory();
        temp.Shell("echo x > f");
        await using var listing = await SourceListing.OfAsync(Source(temp));

        temp.Shell("rm f");

        var error = await Assert.ThrowsAsync<SourceReadException>(async () => await listing.ReadAsync("f"));
        Assert.That(error!.Fault, Is.EqualTo(SourceFault.Vanished));
    }

    [Test]
    public async Task Describe_NothingThere_IsSourceNotFound()
    {
        var source = new FileSystemSource(new RealFileSystem(), "/no/such/place", TimeProvider.System);

        var error = await Assert.ThrowsAsync<BackupException>(async () => await source.DescribeAsync(default));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.SourceNotFound));
    }

    private static FileSystemSource Source(TempDirectory temp, FileSystemSourceOptions? options = null) =>
        new(new RealFileSystem(), temp.Path, TimeProvider.System, options);
}
