using Harness.Engine.Errors;
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

    [Test]
    public async Task Describe_FatVolume_IsNotCaseSensitiveAndHasNoReliableChangeTime()
    {
        TmpfsMount.RequireRoot();
        using var temp = new TempDirectory();
        if (!IsAvailable(temp, "vfat", "mkfs.vfat"))
        {
            Assert.Ignore("This kernel or machine has no vfat.");
        }

        temp.Shell("truncate -s 8M img; mkfs.vfat img >/dev/null; mkdir mnt; mount -o loop img mnt; echo x > mnt/Readme.txt");
        try
        {
            var volume = await new LinuxDirectorySource(temp.At("mnt"), TimeProvider.System).DescribeAsync(default);

            Assert.That(volume.FileSystem, Is.EqualTo(FileSystemKind.Fat));
            Assert.That(volume.IsCaseSensitive, Is.False);
            Assert.That(volume.HasReliableChangeTime, Is.False);
        }
        finally
        {
            temp.Shell("umount mnt");
        }
    }

    [TestCase("mkdir mnt/d; chattr +F mnt/d; echo x > mnt/d/Name")]
    [TestCase("mkdir mnt/d; chattr +F mnt/d")]
    public async Task Describe_CaseFoldedDirectory_IsNotCaseSensitive(string make)
    {
        TmpfsMount.RequireRoot();
        using var temp = new TempDirectory();
        if (!IsAvailable(temp, "ext4", "mkfs.ext4") || !File.Exists("/sys/fs/ext4/features/casefold"))
        {
            Assert.Ignore("This kernel has no case folding.");
        }

        temp.Shell($"truncate -s 16M img; mkfs.ext4 -q -O casefold img; mkdir mnt; mount -o loop img mnt; {make}");
        try
        {
            var volume = await new LinuxDirectorySource(temp.At("mnt/d"), TimeProvider.System).DescribeAsync(default);

            Assert.That(volume.IsCaseSensitive, Is.False, volume.CaseEvidence);
        }
        finally
        {
            temp.Shell("umount mnt");
        }
    }

    [Test]
    public async Task Open_FileThatMayNotBeRead_IsAccessDenied()
    {
        // Root passes every permission check, so that the denial comes from a kernel file that nobody may open for reading.
        await using var listing = await SourceListing.OfAsync("/sys/kernel/mm");
        var writeOnly = listing.Entries.Values.FirstOrDefault(entry =>
            entry.Kind == EntryKind.File && entry.Security.ToPosix()!.Value.Mode == 0x80);
        if (writeOnly is null)
        {
            Assert.Ignore("This kernel shows no write-only file.");
        }

        var error = await Assert.ThrowsAsync<SourceReadException>(async () => await listing.ReadAsync(writeOnly.Path));

        Assert.That(error!.Fault, Is.EqualTo(SourceFault.AccessDenied).Or.EqualTo(SourceFault.ReadError));
    }

    private static bool IsAvailable(TempDirectory temp, string type, string tool) =>
        temp.Shell($"modprobe {type} 2>/dev/null || true; grep -qw {type} /proc/filesystems && command -v {tool} || true").Length > 0;
}
