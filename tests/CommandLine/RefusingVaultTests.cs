using System.Security.Cryptography;
using Harness.Tests.Local;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>A vault that is full: the message, the exit code, the cost, and nothing that was there is lost.</summary>
[TestFixture]
[Platform("Linux", Reason = "Directories are read on Linux.")]
public sealed class RefusingVaultTests
{
    [Test]
    public async Task Backup_VaultFull_SaysSoLosesNothingAndGoesOnWhenThereIsRoom()
    {
        using var mount = TmpfsMount.Create("3m");
        using var area = new WorkArea();
        area.Write("first.txt", "first"u8);
        (await BackupAsync(area, mount, "--json")).Expect(0);
        area.Write("large.bin", RandomNumberGenerator.GetBytes(6 << 20));

        var full = (await BackupAsync(area, mount, "--json", "--failed-files", area.In("failed.txt"))).Expect(5);
        var text = (await BackupAsync(area, mount)).Expect(5);
        var points = await InProcess.RunAsync(
            ["recovery-points", "--vault", Vault(mount), "--passphrase-file", area.PassphraseFile, "--json"]);
        File.Delete(Path.Combine(area.Source, "large.bin"));
        area.Write("small.bin", new byte[5000]);
        var after = (await BackupAsync(area, mount, "--json")).Expect(0);
        var check = await InProcess.RunAsync(["check", "--read-data", "--vault", Vault(mount), "--passphrase-file", area.PassphraseFile]);

        var error = full.Json.GetProperty("error");
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("VaultFull"));
        Assert.That(error.GetProperty("remedy").GetString(), Is.Not.Empty);
        Assert.That(full.Json.GetProperty("run").GetProperty("phases").EnumerateArray().Last().GetProperty("name").GetString(), Is.EqualTo("transfer"));
        Assert.That(full.Json.GetProperty("run").GetProperty("readBytes").GetInt64(), Is.GreaterThan(1 << 20));
        Assert.That(text.Error, Does.Contain("error VaultFull: "));
        Assert.That(points.Expect(0).Json.GetProperty("recoveryPoints").GetArrayLength(), Is.EqualTo(1));
        Assert.That(after.Json.GetProperty("recoveryPoint").GetInt64(), Is.EqualTo(2));
        Assert.That(check.Expect(0).Out, Does.StartWith("No damage found."));
    }

    [Test]
    public async Task Backup_Cancelled_SaysWhatItHasCostAndExitsWithThree()
    {
        using var area = new WorkArea();
        area.Write("a.txt", "a"u8);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var run = await InProcess.RunAsync(
            ["backup", area.Source, "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--scratch", area.In("scratch"), "--json"],
            stop.Token);

        Assert.That(run.Expect(3).Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("Cancelled"));
    }

    private static Task<HarnessRun> BackupAsync(WorkArea area, TmpfsMount mount, params string[] more) => InProcess.RunAsync(
        [
            "backup", area.Source, "--vault", Vault(mount), "--passphrase-file", area.PassphraseFile, "--allow-case-sensitive",
            "--scratch", area.In("scratch"), .. more,
        ]);

    private static string Vault(TmpfsMount mount) => "dir:" + Path.Combine(mount.Path, "vault");
}
