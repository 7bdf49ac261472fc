using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using NUnit.Framework;

namespace Harness.Tests.Local;

/// <summary>What needs a mount, and so root.</summary>
[TestFixture]
internal sealed class MountTests
{
    [Test]
    public async Task Listing_MountsBelowTheSource_AreMountPointsAndNotEntered()
    {
        TmpfsMount.RequireRoot();
        using var temp = new TempDirectory();
        temp.Shell("""
            mkdir -p src/other src/bound elsewhere; echo x > src/hidden; echo y > elsewhere/inside; touch src/boundfile elsewhere/f
            mount -t tmpfs harness-test src/other; echo z > src/other/inside
            mount --bind elsewhere src/bound; mount --bind elsewhere/f src/boundfile
            """);
        try
        {
            await using var listing = await SourceListing.OfAsync(temp.At("src"));

            Assert.That(listing.Order, Is.EqualTo(["", "bound", "boundfile", "hidden", "other"]));
            Assert.That(listing["other"].Traits, Is.EqualTo(EntryTraits.Directory | EntryTraits.MountPoint));
            Assert.That(listing["bound"].Traits, Is.EqualTo(EntryTraits.Directory | EntryTraits.MountPoint));
            Assert.That(listing["boundfile"].Traits, Is.EqualTo(EntryTraits.MountPoint));
        }
        finally
        {
            temp.Shell("umount src/boundfile src/bound src/other");
        }
    }

    [Test]
    public async Task Describe_ReadOnlyMount_SaysSo()
    {
        using var mount = TmpfsMount.Create("1m", "ro");

        var volume = await new LinuxDirectorySource(mount.Path, TimeProvider.System).DescribeAsync(default);

        Assert.That(volume.IsReadOnly, Is.True);
        Assert.That(volume.FileSystemName, Is.EqualTo("tmpfs"));
        Assert.That(volume.Kind, Is.EqualTo(VolumeKind.Fixed));
    }
}
