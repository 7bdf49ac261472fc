using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Rules;
using Harness.Simulator.Journal;
using Harness.Simulator.Snapshots;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>Runs that go by what the source says has changed: what they look at, and when they must look at everything.</summary>
[Parallelizable]
public sealed class ChangePathTests
{
    [Test]
    public async Task Backup_NothingChanged_OpensNothingAndListsNothing([Values] bool byJournal)
    {
        var rig = Rig(byJournal);
        rig.Volume.CreateFile("a.txt", 5000);
        rig.Volume.CreateFile("b.txt", 5000);
        rig.Volume.Encrypt("b.txt");
        _ = await rig.BackupAsync();
        var calls = new List<SimVolumeCall>();
        rig.Faults.Hook = call =>
        {
            calls.Add(call);
            return null;
        };

        var report = await rig.BackupAsync();

        Assert.That(calls, Is.Empty);
        Assert.That(Codes(report), Is.Empty);
        Assert.That((report.ReadBytes, report.ChangedBytes), Is.EqualTo((0L, 0L)));
        Assert.That(report.Protected, Is.EqualTo(new ProtectedTotals(2, 1, 10_000, 16_384)));
        Assert.That(report.FullOnly, Is.EqualTo(new[] { "b.txt" }));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_TenPagesDirty_ReadsTenPages()
    {
        var rig = Rig(byJournal: false);
        rig.Volume.CreateFile("image.vhdx", 64 << 20);
        _ = await rig.BackupAsync();
        for (var i = 0; i < 10; i++)
        {
            rig.Volume.WriteGenerated("image.vhdx", (i * 5_000_000) / 4096 * 4096, 4096, (ulong)i + 77);
        }

        var report = await rig.BackupAsync();

        Assert.That((report.ReadBytes, report.ChangedBytes), Is.EqualTo((40_960L, 40_960L)));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_FileThatFailed_IsTriedAgainThoughItDidNotChange([Values] bool byJournal)
    {
        var rig = Rig(byJournal);
        rig.Volume.CreateFile("held.txt", 5000);
        rig.Volume.CreateFile("free.txt", 5000);
        rig.Faults.Fail("held.txt", SourceFault.Locked);
        _ = await rig.BackupAsync();
        var second = await rig.BackupAsync();
        rig.Faults.Release("held.txt");

        var third = await rig.BackupAsync();

        Assert.That(second.Failed.Select(item => item.Path), Is.EqualTo(new[] { "held.txt" }));
        Assert.That(third.Failed, Is.Empty);
        Assert.That(third.Protected.Files, Is.EqualTo(2));
        Assert.That(await rig.DifferencesAsync(3), Is.Empty);
    }

    [Test]
    public async Task Backup_FolderOfSkippedFilesRenamed_ListsThemUnderTheirNewPaths([Values] bool byJournal)
    {
        var rig = Rig(byJournal);
        rig.Volume.CreateDirectories("old/inner");
        for (var i = 0; i < 20; i++)
        {
            rig.Volume.CreateFile($"old/inner/f{i:D2}", 100);
            rig.Volume.CreateHardLink($"old/inner/g{i:D2}", $"old/inner/f{i:D2}");
        }

        _ = await rig.BackupAsync();
        rig.Volume.Rename("old", "new");

        var report = await rig.BackupAsync();
        var (restored, _) = await rig.RestoreAsync();

        Assert.That(report.Skipped, Has.Count.EqualTo(40));
        Assert.That(report.Skipped.Select(item => item.Path), Is.All.StartsWith("new/inner/"));
        Assert.That(report.SentBytes, Is.LessThan(2000));
        Assert.That(restored.Skipped.Select(item => item.Path), Is.EqualTo(report.Skipped.Select(item => item.Path)));
    }

    [Test]
    public async Task Backup_FolderMovedIntoAndOutOfTheSource_TakesAllThatIsInIt([Values] bool byJournal)
    {
        var rig = Rig(byJournal);
        rig.Folder = "protected";
        rig.Volume.CreateDirectories("protected/stays");
        rig.Volume.CreateDirectories("outside/deep/er");
        rig.Volume.CreateFile("outside/deep/er/file.txt", 5000);
        rig.Volume.CreateHardLink("outside/deep/er/link.txt", "outside/deep/er/file.txt");
        rig.Volume.CreateFile("outside/deep/plain.txt", 5000);
        var first = await rig.BackupAsync();

        rig.Volume.Rename("outside/deep", "protected/stays/deep");
        var moved = await rig.BackupAsync();
        rig.Volume.Rename("protected/stays/deep/er", "er");
        rig.Volume.Rename("protected/stays/deep", "protected/deep");
        var back = await rig.BackupAsync();

        Assert.That(Codes(moved).Concat(Codes(back)), Is.Empty);
        Assert.That(first.Protected.Directories, Is.EqualTo(2));
        Assert.That((moved.Protected.Files, moved.Protected.Directories, moved.Skipped.Count), Is.EqualTo((1L, 4L, 2)));
        Assert.That((back.Protected.Files, back.Protected.Directories, back.Skipped.Count), Is.EqualTo((1L, 3L, 0)));
        Assert.That((await rig.RestoreAsync()).Volume.Find("deep/plain.txt"), Is.Not.Null);
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
    }

    [Test]
    public async Task Backup_FolderThatBecomesAJunctionAndBack_LosesAndRegainsWhatIsInIt([Values] bool byJournal)
    {
        var rig = Rig(byJournal);
        rig.Volume.CreateDirectory("folder");
        _ = await rig.BackupAsync();
        rig.Volume.SetReparsePoint("folder", 0x9000001A, new byte[8]);
        rig.Volume.CreateFile("folder/hidden.txt", 5000);
        var hidden = await rig.BackupAsync();
        rig.Volume.DeleteReparsePoint("folder");

        var shown = await rig.BackupAsync();

        Assert.That((hidden.Protected.Files, hidden.Skipped.Count), Is.EqualTo((0L, 1)));
        Assert.That((shown.Protected.Files, shown.Skipped.Count), Is.EqualTo((1L, 0)));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_JournalThatDoesNotReachBack_LooksAtEverythingAndSaysWhy()
    {
        var rig = Rig(byJournal: true);
        rig.Volume.CreateFile("a.txt", 5000);
        _ = await rig.BackupAsync();
        var id = rig.Volume.Journal.Query().JournalId;

        await ExpectAsync(rig, "journal-recreated", () =>
        {
            rig.Volume.Journal.Delete(id);
            rig.Volume.Journal.Create(new JournalSettings { MaximumSizeBytes = 1 << 20, AllocationDeltaBytes = 1 << 18 });
        });
        await ExpectAsync(rig, "journal-wrapped", () =>
        {
            for (var i = 0; i < 40_000; i++)
            {
                rig.Volume.SetAttributes("a.txt", i % 2 == 0 ? FileAttributes.Hidden : FileAttributes.Normal);
            }
        });
        await ExpectAsync(rig, "journal-not-active", () => rig.Volume.Journal.Delete(rig.Volume.Journal.Query().JournalId));
        await ExpectAsync(rig, "no-cursor", () => rig.Volume.Journal.Create());
    }

    [Test]
    public async Task Backup_SnapshotGone_GoesByTheJournalAndSaysSo()
    {
        var rig = Rig(byJournal: false);
        rig.Volume.Journal.Create();
        rig.Volume.CreateFile("a.txt", 5000);
        _ = await rig.BackupAsync();
        rig.Volume.Append("a.txt", [1]);
        rig.ChangeTracking!.ForgetSnapshots();

        var report = await rig.BackupAsync();

        Assert.That(Codes(report), Is.EqualTo(new[] { "snapshot-gone", "no-dirty-ranges" }));
        Assert.That(report.ReadBytes, Is.EqualTo(5001));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_AfterARunThatFailed_LooksAtEverything()
    {
        var rig = Rig(byJournal: false);
        rig.Volume.CreateFile("a.txt", 5000);
        _ = await rig.BackupAsync();
        rig.Volume.Append("a.txt", [1]);
        rig.Faults.Hook = call =>
        {
            rig.Faults.IsSourceGone |= call.Operation == SimVolumeOperation.Open;
            return null;
        };
        Assert.That(async () => await rig.BackupAsync(), Throws.TypeOf<BackupException>());
        rig.Faults.Hook = null;
        rig.Faults.IsSourceGone = false;

        var report = await rig.BackupAsync();

        Assert.That(Codes(report), Is.EqualTo(new[] { "previous-run-failed" }));
        Assert.That(Codes(await rig.BackupAsync()), Is.Empty);
    }

    [Test]
    public async Task Backup_WithOtherRulesOrOnRequest_LooksAtEverything()
    {
        var rig = Rig(byJournal: false);
        rig.Volume.CreateFile("a.txt", 5000);
        _ = await rig.BackupAsync();

        var rules = ProfileCatalog.Load(ProfileCatalog.DefaultId);
        var otherRules = new RuleProfile("other-rules", rules.Title, rules.Options, rules.Clauses, rules.FileTypes);
        var other = await rig.BackupAsync(request => request with { Profile = otherRules });
        var asked = await rig.BackupAsync(request => request with { Profile = otherRules, ForceScan = true });

        Assert.That(Codes(other), Is.EqualTo(new[] { "profile-changed" }));
        Assert.That(Codes(asked), Is.EqualTo(new[] { "scan-requested" }));
    }

    [Test]
    public async Task Backup_FileHeldOpenAcrossARun_IsNotMissed()
    {
        var rig = Rig(byJournal: true);
        rig.Volume.CreateFile("mail.pst", 50_000);
        using var held = rig.Volume.Open("mail.pst", FileAccess.ReadWrite, FileShare.ReadWrite);
        held.Write(0, [1]);
        _ = await rig.BackupAsync();

        // No new reason, so no new record until the handle is closed.
        held.Write(20_000, [2]);
        _ = await rig.BackupAsync();

        await rig.AssertAllWellAsync();
    }

    private static async Task ExpectAsync(EngineRig rig, string code, Action change)
    {
        rig.Volume.Append("a.txt", [1]);
        change();
        Assert.That(Codes(await rig.BackupAsync()), Is.EqualTo(new[] { code }), code);
        Assert.That(await rig.DifferencesAsync(rig.Snapshots.Count), Is.Empty, code);
    }

    private static EngineRig Rig(bool byJournal)
    {
        var rig = new EngineRig { ChangeTracking = new SimChangeTracking { KeptSnapshots = byJournal ? 0 : 64 } };
        if (byJournal)
        {
            rig.Volume.Journal.Create();
        }

        return rig;
    }

    private static IEnumerable<string> Codes(BackupReport report) => report.Fallbacks.Select(note => note.Code);
}
