using Harness.Engine.Errors;
using Harness.Engine.Local.Scratch;
using Harness.Engine.Local.Sources;
using Harness.Engine.Local.Targets;
using NUnit.Framework;

namespace Harness.Tests.Local;

/// <summary>What a user without rights meets: always one entry's trouble or one clear error.</summary>
[TestFixture]
internal sealed class PermissionTests
{
    [Test]
    public void Listing_DirectoryThatMayNotBeListed_IsItsEntryAndOneError()
    {
        using var temp = new TempDirectory();
        temp.Shell("chmod 755 .; mkdir closed open; echo x > closed/f; echo y > open/f; chmod 700 closed");

        var (order, errors) = FileSystemUser.RunAsNobody(async () =>
        {
            await using var listing = await SourceListing.OfAsync(temp.Path);
            return (listing.Order, listing.Errors);
        });

        Assert.That(order, Is.EqualTo(["", "closed", "open", "open/f"]));
        Assert.That(errors.Values.Select(error => (error.Path, error.Fault)), Is.EqualTo([("closed", SourceFault.AccessDenied)]));
    }

    [Test]
    public void Open_FileThatMayNotBeRead_IsAccessDeniedAndOthersAreRead()
    {
        using var temp = new TempDirectory();
        temp.Shell("chmod 755 .; echo x > closed; chmod 600 closed; echo y > open; truncate -s 1M closed-sparse; chmod 600 closed-sparse");

        var (content, faults) = FileSystemUser.RunAsNobody(async () =>
        {
            await using var listing = await SourceListing.OfAsync(temp.Path);
            var met = new List<SourceFault>();
            foreach (var path in new[] { "closed", "closed-sparse" })
            {
                try
                {
                    _ = await listing.ReadAsync(path);
                }
                catch (SourceReadException error)
                {
                    met.Add(error.Fault);
                }
            }

            return (await listing.ReadAsync("open"), met);
        });

        Assert.That(content, Is.EqualTo("y\n"u8.ToArray()));
        Assert.That(faults, Is.EqualTo([SourceFault.AccessDenied, SourceFault.AccessDenied]));
    }

    [Test]
    public void Describe_RootThatMayNotBeRead_IsFileInaccessible()
    {
        using var temp = new TempDirectory();
        temp.Shell("chmod 755 .; mkdir closed; chmod 700 closed");

        var error = Assert.Throws<BackupException>(() => FileSystemUser.RunAsNobody(
            async () => await new LinuxDirectorySource(temp.At("closed"), TimeProvider.System).DescribeAsync(default)));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.FileInaccessible));
    }

    [Test]
    public void ScratchAndTarget_InADirectoryOfSomebodyElse_AreNotWritable()
    {
        using var temp = new TempDirectory();
        temp.Shell("chmod 755 .; mkdir mine");

        var scratch = Assert.Throws<BackupException>(() => FileSystemUser.RunAsNobody(async () =>
        {
            using var place = new LocalScratch(temp.At("mine"));
            return await place.DescribeAsync(default);
        }));
        var target = Assert.Throws<BackupException>(() => FileSystemUser.RunAsNobody(async () =>
        {
            using var place = new LocalRestoreTarget(temp.At("mine"));
            return await place.PrepareAsync(default);
        }));

        Assert.That(scratch!.Code, Is.EqualTo(ErrorCode.ScratchNotWritable));
        Assert.That(target!.Code, Is.EqualTo(ErrorCode.TargetNotWritable));
    }
}
