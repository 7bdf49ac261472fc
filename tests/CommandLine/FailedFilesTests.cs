using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Reports;
using Harness.Simulator.Snapshots;
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
