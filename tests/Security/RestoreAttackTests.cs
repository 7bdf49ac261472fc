using System.Text;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Local.Targets;
using Harness.Engine.Model;
using Harness.Engine.Restore;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Local;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Security;

/// <summary>
/// Recovery points made to do harm where they are restored, by one who knows the passphrase, and targets that change while they are
/// restored to: nothing outside of the target is touched. Names are in RestoreEvilNameTests.
/// </summary>
[Parallelizable(ParallelScope.All)]
[Platform("Linux", Reason = "Links are planted with the tools of Linux.")]
public sealed class RestoreAttackTests
{
    private static readonly string[] EvilStreams = ["../up", "..\\up", "a/b", "x:$DATA", "$INDEX_ALLOCATION", ":", "nul\0byte", "CON", ""];

    [Test]
    public async Task Restore_StreamsOfEvilNames_ToADisk_MakesNothingOutside()
    {
        using var temp = new TempDirectory();
        var rig = await RigAsync(EvilVault.File(2, 1, "good"), WithStreams(3, "evil"));
        using var target = new LocalRestoreTarget(temp.At("jail"));

        var (report, _) = await rig.RestoreAsync(2, request => request with { Target = target });

        Assert.That(temp.Shell("find . -mindepth 1 | sort"), Is.EqualTo("./jail\n./jail/evil\n./jail/good\n").Or.EqualTo("./jail\n./jail/good\n"));
        Assert.That(report.Failed.Select(item => item.Path.Split(':')[0]).Distinct(), Is.SubsetOf(new[] { "evil" }));
    }

    [Test]
    public async Task Restore_StreamsOfEvilNames_ToAWindowsVolume_MakesNoOtherEntry()
    {
        var rig = await RigAsync(EvilVault.File(2, 1, "good"), WithStreams(3, "evil"));

        var (_, volume) = await rig.RestoreAsync(2);

        Assert.That(volume.Walk().Select(entry => entry.Path), Is.SubsetOf(new[] { "", "evil", "good" }));
        Assert.That(volume.Find("good"), Is.Not.Null);
    }

    [Test]
    public async Task Restore_ALinkAndAFolderOfOneName_WritesNothingThroughTheLink([Values] bool linkFirst)
    {
        using var temp = new TempDirectory();
        temp.Shell("mkdir outside");
        var (link, folder) = linkFirst ? (2UL, 3UL) : (3UL, 2UL);
        var rig = await RigAsync(Link(link, 1, "twin", temp.At("outside")), EvilVault.Folder(folder, 1, "twin"), EvilVault.File(4, folder, "child"));
        using var target = new LocalRestoreTarget(temp.At("jail"));

        await EndsClearlyAsync(() => rig.RestoreAsync(2, request => request with { Target = target, OnCollision = CollisionPolicy.Overwrite }));

        Assert.That(temp.Shell("find outside -mindepth 1"), Is.Empty);
    }

    [Test]
    public async Task Restore_AFileWhoseFolderIsALink_IsRefused()
    {
        using var temp = new TempDirectory();
        temp.Shell("mkdir outside");
        var rig = await RigAsync(Link(2, 1, "link", temp.At("outside")), EvilVault.File(3, 2, "child"));
        using var target = new LocalRestoreTarget(temp.At("jail"));

        await EndsClearlyAsync(() => rig.RestoreAsync(2, request => request with { Target = target }));

        Assert.That(temp.Shell("find outside -mindepth 1"), Is.Empty);
    }

    [Test]
    public async Task Restore_FurtherNamesThatLeadOut_LinksNothingOutside()
    {
        using var temp = new TempDirectory();
        temp.Shell("mkdir outside; echo precious > outside/precious");
        var evil = EvilVault.File(2, 1, "file") with
        {
            Traits = EntryTraits.HardLink,
            Names = [new EntryName(1, "../outside/linked"), new EntryName(1, ".."), new EntryName(1, "second"), new EntryName(99, "nowhere")],
        };
        var rig = await RigAsync(EvilVault.File(3, 1, "good"), evil);
        using var target = new LocalRestoreTarget(temp.At("jail"));

        await EndsClearlyAsync(() => rig.RestoreAsync(2, request => request with { Target = target }));

        Assert.That(temp.Shell("find outside -mindepth 1; cat outside/precious; stat -c %h outside/precious"), Is.EqualTo("outside/precious\nprecious\n1\n"));
    }

    [Test]
    public async Task Restore_FoldersSwappedForLinksMeanwhile_WritesNothingOutside()
    {
        const int files = 150;
        using var temp = new TempDirectory();
        temp.Shell("mkdir outside jail");
        var entries = new List<EntryRecord> { EvilVault.Folder(2, 1, "folder") };
        for (ulong i = 0; i < files; i++)
        {
            entries.Add(EvilVault.File(10 + i, 2, $"child {i}"));
        }

        var rig = await RigAsync([.. entries]);
        using var target = new LocalRestoreTarget(temp.At("jail"));
        using var ends = new CancellationTokenSource();
        var swaps = Task.Factory.StartNew(() => Swap(temp, ends.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        for (var i = 0; i < 3; i++)
        {
            await EndsClearlyAsync(() => rig.RestoreAsync(2, request => request with { Target = target, OnCollision = CollisionPolicy.Overwrite }));
        }

        await ends.CancelAsync();
        Assert.That(await swaps, Is.Positive);
        Assert.That(temp.Shell("find outside -mindepth 1"), Is.Empty);
    }

    [Test]
    public async Task Restore_NamesThatDifferInTheirFormOfUnicode_KeepsBoth()
    {
        const string composed = "caf\u00e9";
        const string decomposed = "cafe\u0301";
        using var temp = new TempDirectory();
        var rig = await RigAsync(EvilVault.File(2, 1, composed), EvilVault.File(3, 1, decomposed));
        using var target = new LocalRestoreTarget(temp.At("jail"));

        var (report, _) = await rig.RestoreAsync(2, request => request with { Target = target });
        var (_, volume) = await rig.RestoreAsync(2);

        Assert.That(report.Failed, Is.Empty);
        Assert.That(Directory.GetFiles(temp.At("jail")).Select(Path.GetFileName), Is.EquivalentTo(new[] { composed, decomposed }));
        Assert.That(volume.Walk().Select(entry => entry.Path), Is.EquivalentTo(new[] { "", composed, decomposed }));
    }

    [Test]
    public async Task Restore_NamesThatAreTooLong_FailAlone()
    {
        using var temp = new TempDirectory();
        var rig = await RigAsync(EvilVault.File(2, 1, "good"), EvilVault.File(3, 1, new string('x', 256)), EvilVault.File(4, 1, new string('\u4e2d', 200)));
        using var target = new LocalRestoreTarget(temp.At("jail"));

        var (report, _) = await rig.RestoreAsync(2, request => request with { Target = target });

        Assert.That(report.Failed.Select(item => item.Reason), Is.EqualTo(new[] { "target-refused", "target-refused" }));
        Assert.That(Directory.GetFiles(temp.At("jail")).Select(Path.GetFileName), Is.EqualTo(new[] { "good" }));
    }

    /// <summary>As fast as it can: the folder away, a link in its place, and back.</summary>
    private static long Swap(TempDirectory temp, CancellationToken ends)
    {
        long swaps = 0;
        var (folder, away) = (temp.At("jail/folder"), temp.At("away"));
        while (!ends.IsCancellationRequested)
        {
            try
            {
                Directory.Move(folder, away);
                File.CreateSymbolicLink(folder, temp.At("outside"));
                swaps++;
                File.Delete(folder);
                Directory.Move(away, folder);
            }
            catch (IOException)
            {
                // The restore was faster: the folder is there again, or not yet.
                if (Directory.Exists(folder) && Directory.Exists(away))
                {
                    Directory.Delete(away, recursive: true);
                }
            }
        }

        return swaps;
    }

    private static async Task EndsClearlyAsync(Func<Task> restore)
    {
        try
        {
            await restore();
        }
        catch (BackupException error)
        {
            Assert.That(error.Code, Is.Not.EqualTo(ErrorCode.InternalError), error.ToString());
        }
    }

    private static EntryRecord WithStreams(ulong reference, string name) => EvilVault.File(reference, 1, name) with
    {
        Streams = [.. EvilStreams.Select((stream, i) => new StreamRecord
        {
            Name = stream,
            Id = (uint)i,
            SizeBytes = 0,
            AllocatedBytes = 0,
            Traits = EntryTraits.None,
            RawSizeBytes = null,
            Content = ProtectedContent.Empty,
        })],
    };

    /// <summary>A symbolic link as Windows keeps it.</summary>
    private static EntryRecord Link(ulong reference, ulong parent, string name, string leadsTo)
    {
        var path = Encoding.Unicode.GetBytes(leadsTo);
        byte[] data = [0, 0, .. BitConverter.GetBytes((ushort)path.Length), .. BitConverter.GetBytes((ushort)path.Length), .. BitConverter.GetBytes((ushort)path.Length), 1, 0, 0, 0, .. path, .. path];
        return EvilVault.File(reference, parent, name) with
        {
            Kind = EntryKind.SymbolicLink,
            Traits = EntryTraits.ReparsePoint,
            Reparse = new ReparseContent(ReparseContent.SymbolicLinkTag, data, IsDirectory: true),
        };
    }

    private static Task<EngineRig> RigAsync(params EntryRecord[] entries) =>
        EvilVault.RigAsync([EvilVault.Folder(1, 1, ""), .. entries]);
}
