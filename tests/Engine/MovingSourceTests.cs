using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>What sources without true snapshots show while somebody works in them: never a recovery point that cannot be read.</summary>
[Parallelizable]
public sealed class MovingSourceTests
{
    [Test]
    public async Task Backup_FileMetTwiceUnderTwoNames_KeepsItOnceAndWarns([Values] bool known)
    {
        var rig = NewRig();
        if (known)
        {
            await rig.BackupAsync();
        }

        rig.WrapSource = Doubling("folder/a.bin", "folder/z.bin");

        var report = await rig.BackupAsync();

        Assert.That(report.Warnings.Select(w => w.Code), Is.EqualTo(new[] { "changed-while-read" }));
        Assert.That(report.Protected.Files, Is.EqualTo(2));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_FolderMissingFromTheListing_ReportsWhatWasInIt()
    {
        var rig = NewRig();
        rig.WrapSource = source => new AlteredSource(source)
        {
            Items = item => item.Entry?.Path == "folder" ? [] : [item],
        };

        var report = await rig.BackupAsync();

        Assert.That(report.Failed.Select(item => (item.Path, item.Reason)), Is.EqualTo(new[] { ("folder/a.bin", "vanished") }));
        var (_, restored) = await rig.RestoreAsync();
        Assert.That(restored.Find("b.bin"), Is.Not.Null);
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
    }

    [Test]
    public async Task Backup_RootMissingFromTheListing_CommitsNothing()
    {
        var rig = NewRig();
        rig.WrapSource = source => new AlteredSource(source)
        {
            Items = item => item.Entry?.Path == "" ? [SourceItem.Of(new SourceReadException("", SourceFault.AccessDenied, "No."))] : [item],
        };

        await BackupErrors.ExpectAsync(ErrorCode.SourceVanished, async () => await rig.BackupAsync());

        Assert.That(rig.Store.Names("commits/"), Is.Empty);
    }

    [Test]
    public async Task Backup_MetadataBeyondTheLimitsOfTheFormat_ReportsThatEntryAlone()
    {
        var rig = NewRig();
        var huge = new EntrySecurity(SecurityKind.Windows, new byte[(64 << 10) + 1]);
        rig.WrapSource = source => new AlteredSource(source)
        {
            Items = AlteredSource.Entries(entry => entry.Path == "b.bin" ? entry with { Security = huge } : entry),
        };

        var report = await rig.BackupAsync();

        Assert.That(report.Failed.Select(item => item.Path), Is.EqualTo(new[] { "b.bin" }));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_SkippedUnderThePathOfGreatestLength_StaysReadable()
    {
        var rig = NewRig();
        var path = string.Join('/', Enumerable.Repeat(new string('漢', 255), 127));
        rig.WrapSource = source => new AlteredSource(source)
        {
            Items = AlteredSource.Entries(
                entry => entry.Path == "b.bin" ? entry with { Path = path, Traits = EntryTraits.ReparsePoint } : entry),
        };

        var report = await rig.BackupAsync();

        Assert.That(report.Skipped.Select(item => item.Path), Is.EqualTo(new[] { path }));
        var (restore, _) = await rig.RestoreAsync();
        Assert.That(restore.Skipped.Single().Path, Does.StartWith("漢漢").And.EndsWith("漢漢"));
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
    }

    private static EngineRig NewRig()
    {
        var rig = new EngineRig();
        rig.Volume.CreateDirectory("folder");
        rig.Volume.CreateFile("folder/a.bin", 10_000);
        rig.Volume.CreateFile("b.bin", 500);
        return rig;
    }

    private static Func<IDataSource, IDataSource> Doubling(string path, string second) => source => new AlteredSource(source)
    {
        Items = item => item.Entry?.Path == path ? [item, SourceItem.Of(item.Entry with { Path = second })] : [item],
    };
}
