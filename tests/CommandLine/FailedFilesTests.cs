using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Reports;
using Harness.Simulator.Snapshots;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

public sealed class FailedFilesTests
{
    [Test]
    public async Task List_OfARunThatLostTwoFiles_HasALineForEach()
    {
        using var area = new WorkArea();
        var rig = new EngineRig();
        rig.Volume.CreateFile("held.txt", 10);
        rig.Volume.CreateFile("plain.txt", 10);
        rig.Volume.CreateFile("torn.txt", 10);
        rig.Faults.Fail("held.txt", SourceFault.Locked).Fail("torn.txt", SourceFault.ReadError, SimVolumeOperation.Read);
        var report = await rig.BackupAsync();
        var file = new FileInfo(area.In("LastBackupFailedFiles.txt"));

        await FailedFilesList.WriteAsync(file, report, CancellationToken.None);

        Assert.That(await File.ReadAllLinesAsync(file.FullName), Is.EqualTo(new[]
        {
            "held.txt\tlocked\tThe file is used by another process (simulated).",
            "torn.txt\tread-error\tThe device reported an I/O error (simulated).",
        }));
    }

    [Test]
    public async Task List_OfNamesWithTabsAndLineEnds_KeepsOneLineEach()
    {
        using var area = new WorkArea();
        var report = (await new EngineRig().BackupAsync()) with
        {
            Failed = [new FailedItem("a\tb\nc\\d", "read-error", "x\r\ny", "file.ordinary")],
        };
        var file = new FileInfo(area.In("list.txt"));

        await FailedFilesList.WriteAsync(file, report, CancellationToken.None);

        Assert.That(await File.ReadAllLinesAsync(file.FullName), Is.EqualTo(new[] { @"a\tb\nc\\d" + "\tread-error\t" + @"x\r\ny" }));
    }

    [Test]
    public async Task Backup_ThatFails_ReplacesTheListByOneThatSaysSo()
    {
        using var area = new WorkArea();
        area.Write("a.txt", "a"u8);
        var list = area.In("failed.txt");
        await File.WriteAllTextAsync(list, "old.txt\tlocked\tof the run before\n");
        (await InProcess.BackupAsync(area)).Expect(0);
        await File.WriteAllTextAsync(area.PassphraseFile, "another horse, another battery\n");

        var run = (await InProcess.BackupAsync(area, "--failed-files", list)).Expect(5);

        Assert.That(run.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("PassphraseWrong"));
        Assert.That(await File.ReadAllLinesAsync(list), Has.Length.EqualTo(1).And.One.StartsWith("\trun-failed\tPassphraseWrong: "));
    }

    [Test]
    public async Task List_OfARunThatLostAFileAndThenItsVault_HasTheFileAndTheRun()
    {
        using var area = new WorkArea();
        var rig = new EngineRig();
        rig.Volume.CreateFile("held.txt", 10);
        rig.Volume.CreateFile("plain.txt", 10);
        rig.Faults.Fail("held.txt", SourceFault.Locked);
        rig.WrapVault = inner => new FaultyVault(
            inner, call => call.Name.StartsWith("commits/", StringComparison.Ordinal) && call.Operation == "create" ? VaultFault.Before : null, ErrorCode.VaultFull);
        FailedRun? failed = null;
        Assert.That(async () => await rig.BackupAsync(request => request with { OnFailed = run => failed = run }), Throws.TypeOf<BackupException>());
        var file = new FileInfo(area.In("list.txt"));

        await FailedFilesList.WriteAsync(file, failed, ErrorCode.VaultFull, "No room.");

        Assert.That(await File.ReadAllLinesAsync(file.FullName), Is.EqualTo(new[]
        {
            "held.txt\tlocked\tThe file is used by another process (simulated).",
            "\trun-failed\tVaultFull: No room.",
        }));
    }

    [Test]
    public async Task Backup_ThatFailsWithAListThatCannotBeWritten_StillTellsWhyItFailed()
    {
        using var area = new WorkArea();
        Directory.Delete(area.Source);

        var run = (await InProcess.BackupAsync(area, "--failed-files", area.In("no/such/folder/list.txt"))).Expect(5);

        Assert.That(run.Error, Does.Contain("error SourceNotFound: ").And.Contain("warning: The run failed, and its list of failed files cannot be written"));
    }

    [Test]
    public async Task Backup_WithAListAndAFullScan_WritesAnEmptyList()
    {
        using var area = new WorkArea();
        area.Write("a.txt", "a"u8);
        var list = area.In("failed.txt");

        (await area.RunAsync(
            "backup", area.Source, "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--allow-case-sensitive", "--full-scan",
            "--failed-files", list)).Expect(0);

        Assert.That(await File.ReadAllTextAsync(list), Is.Empty);
    }
}
