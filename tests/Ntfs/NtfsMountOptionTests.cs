using Harness.Engine.Errors;
using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using Harness.Tests.Local;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Ntfs;

/// <summary>What other ways to mount the same volume change.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class NtfsMountOptionTests
{
    [Test]
    public async Task Open_EncryptedFileWithoutEfsRaw_IsAccessDenied()
    {
        using var volume = NtfsVolume.Create();
        NtfsPopulator.Populate(
            volume, [new NtfsItem { Path = "secret", Content = NtfsFixtureItems.Text(1000), IsEncrypted = true }]);
        volume.Remount(options: "streams_interface=windows");
        await using var listing = await SourceListing.OfAsync(volume.Root);

        var error = await Assert.ThrowsAsync<SourceReadException>(async () => await listing.ReadAsync("secret"));

        Assert.That(listing["secret"].Traits, Is.EqualTo(EntryTraits.Encrypted));
        Assert.That(listing["secret"].Streams[0].SizeBytes, Is.EqualTo(1000));
        Assert.That(listing["secret"].Streams[0].RawSizeBytes, Is.Null);
        Assert.That(error!.Fault, Is.EqualTo(SourceFault.AccessDenied));
    }

    [TestCase("Readme.txt")]
    [TestCase("")]
    public void CaseProbe_FileSystemThatIgnoresCase_FindsOutByLookingUp(string name)
    {
        using var volume = NtfsVolume.Create();
        _ = Directory.CreateDirectory(volume.At("Folder"));
        if (name.Length > 0)
        {
            File.WriteAllText(volume.At("Folder/" + name), "x");
        }

        volume.Remount("lowntfs-3g", "ignore_case,streams_interface=xattr");
        using var root = SourceRoot.Open(volume.At("folder"));

        Assert.That(CaseProbe.ByLookup(root)!.Value.IsCaseSensitive, Is.False);
    }

    [Test]
    public async Task Listing_StreamsOfTheRootItself_AreListedAndReadable()
    {
        using var volume = NtfsVolume.Create();
        NtfsPopulator.Populate(
            volume,
            [new NtfsItem { Path = "folder", IsDirectory = true, Streams = [new NtfsStream("note", NtfsFixtureItems.Text(3000))] }]);
        await using var listing = await SourceListing.OfAsync(volume.At("folder"));

        Assert.That(listing[""].Streams.Single().SizeBytes, Is.EqualTo(3000));
        Assert.That(await listing.ReadAsync("", "note"), Is.EqualTo(NtfsFixtureItems.Text(3000)));
    }

    [Test]
    public async Task Listing_FragmentedRecordWithManyStreams_IsReadThroughItsExtensions()
    {
        using var volume = NtfsVolume.Create();
        var streams = Enumerable.Range(0, 60)
            .Select(i => new NtfsStream($"stream-with-a-long-name-{i:00}", NtfsFixtureItems.Text(2000 + i)))
            .Append(new NtfsStream("zz-sparse", NtfsFixtureItems.Text(4096)) { HoleBytes = 1 << 20 });
        NtfsPopulator.Populate(volume, [new NtfsItem { Path = "many", Streams = [.. streams] }]);
        await using var listing = await SourceListing.OfAsync(volume.Root);

        Assert.That(listing["many"].Streams, Has.Count.EqualTo(62));
        Assert.That(
            listing["many"].Streams.Where(s => s.Traits.HasFlag(EntryTraits.Sparse)).Select(s => s.Name),
            Is.EqualTo(["zz-sparse"]));
        Assert.That(await listing.RangesAsync("many", "zz-sparse"), Is.EqualTo([new ByteRange(1 << 20, 4096)]));
    }
}
