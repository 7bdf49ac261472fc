using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>What is wrong around a run: paths, rights, ports, missing programs.</summary>
[TestFixture]
[UnsupportedOSPlatform("windows")]
[Platform("Linux", Reason = "Directories are read on Linux.")]
public sealed class SurroundingsTests
{
    private const int VanishingFiles = 2000;

    [Test]
    public async Task Source_ThatIsNotThere_IsNamed()
    {
        using var area = new WorkArea();
        Directory.Delete(area.Source);

        var run = (await area.BackupAsync()).Expect(5);

        Assert.That(run.Error, Does.Contain("error SourceNotFound: ").And.Contain(area.Source));
    }

    [Test]
    public async Task Source_ThatVanishesDuringTheRun_IsNoRecoveryPoint()
    {
        using var area = new WorkArea();
        area.Write("first.txt", "first"u8);
        (await area.BackupAsync()).Expect(0);
        for (var i = 0; i < VanishingFiles; i++)
        {
            area.Write($"many/{i}.bin", new byte[5000]);
        }

        using var process = HarnessRun.Start(
            area.Environment,
            ["backup", area.Source, "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--allow-case-sensitive"]);
        await WaitForLineAsync(process, "Estimating size");
        await SignalAsync(process, "STOP");
        Directory.Move(area.Source, area.In("elsewhere"));
        await SignalAsync(process, "CONT");
        var rest = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.That(process.ExitCode, Is.EqualTo(5), rest);
        Assert.That(rest, Does.Contain("error SourceVanished: "));
        var list = (await area.RunAsync(
            "recovery-points", "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--json")).Expect(0);
        Assert.That(list.Json.GetProperty("recoveryPoints").GetArrayLength(), Is.EqualTo(1));
        (await area.RunAsync("check", "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--read-data")).Expect(0);
    }

    [Test]
    public async Task Termination_DuringTheRun_CancelsItCleanly()
    {
        using var area = new WorkArea();
        for (var i = 0; i < VanishingFiles; i++)
        {
            area.Write($"many/{i}.bin", new byte[5000]);
        }

        using var process = HarnessRun.Start(
            area.Environment,
            ["backup", area.Source, "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--allow-case-sensitive"]);
        await WaitForLineAsync(process, "Estimating size");
        await SignalAsync(process, "TERM");
        var rest = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.That(process.ExitCode, Is.EqualTo(3), rest);
        Assert.That(rest, Does.Contain("error Cancelled: "));
        (await area.BackupAsync()).Expect(0);
    }

    [Test]
    public async Task File_ThatCannotBeRead_IsReportedAndTheRestProtected()
    {
        using var area = new WorkArea();
        area.Write("good.txt", "good"u8);
        File.SetUnixFileMode(area.Write("secret.txt", "secret"u8), UnixFileMode.None);

        var run = (await RunWithoutOverrideAsync(
            area, "backup", area.Source, "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--allow-case-sensitive", "--json"))
            .Expect(3);

        var failed = run.Json.GetProperty("failed").EnumerateArray().Single();
        Assert.That(failed.GetProperty("path").GetString(), Is.EqualTo("secret.txt"));
        Assert.That(failed.GetProperty("reason").GetString(), Is.EqualTo("access-denied"));
        Assert.That(failed.GetProperty("clause").GetString(), Is.EqualTo("file.ordinary"));
        Assert.That(run.Json.GetProperty("recoveryPoint").GetInt64(), Is.EqualTo(1));
        Assert.That(run.Json.GetProperty("protected").GetProperty("files").GetInt64(), Is.EqualTo(1));
    }

    [Test]
    public async Task Scratch_ThatIsAFile_IsRefused()
    {
        using var area = new WorkArea();
        area.Write("a.txt", "a"u8);

        var run = (await area.BackupAsync("--scratch", area.PassphraseFile)).Expect(5);

        Assert.That(run.Error, Does.Contain("error ScratchNotDirectory: ").And.Contain(area.PassphraseFile));
    }

    [Test]
    public async Task Scratch_ThatIsReadOnly_IsRefused()
    {
        using var area = new WorkArea();
        area.Write("a.txt", "a"u8);
        var scratch = Directory.CreateDirectory(area.In("read-only")).FullName;
        File.SetUnixFileMode(scratch, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var run = (await RunWithoutOverrideAsync(
            area, "backup", area.Source, "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--allow-case-sensitive",
            "--scratch", scratch)).Expect(5);

        Assert.That(run.Error, Does.Contain("error ScratchNotWritable: ").And.Contain(scratch));
        File.SetUnixFileMode(scratch, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Test]
    public async Task Vault_WithinTheSource_IsRefused()
    {
        using var area = new WorkArea();

        var run = (await area.RunAsync(
            "backup", area.Source, "--vault", "dir:" + Path.Combine(area.Source, "vault"), "--passphrase-file", area.PassphraseFile))
            .Expect(5);

        Assert.That(run.Error, Does.Contain("error ArgumentInvalid: ").And.Contain("one within the other"));
    }

    [TestCase("ftp://host/vault")]
    [TestCase("dir:")]
    public async Task Vault_OfAnUnknownForm_GivesTheKnownOnes(string vault)
    {
        var run = (await HarnessRun.OfAsync("check", "--vault", vault)).Expect(5);

        Assert.That(run.Error, Does.StartWith("error VaultNameInvalid: ").And.Contain("dir:PATH"));
    }

    [TestCase("memory")]
    [TestCase("azurite")]
    public async Task Vault_ThatEndsWithTheCommand_HasNothingToRestore(string vault)
    {
        using var area = new WorkArea();

        var run = (await area.RunAsync("recovery-points", "--vault", vault, "--passphrase-file", area.PassphraseFile)).Expect(5);

        Assert.That(run.Error, Does.StartWith("error VaultEmpty: ").And.Contain("harness azurite"));
    }

    [Test]
    public async Task Azurite_WithoutNode_SaysHowToGoOnWithoutIt()
    {
        using var area = new WorkArea();
        area.Write("a.txt", "a"u8);
        var environment = area.Environment;
        environment["PATH"] = area.In("empty");
        environment["HARNESS_NODE"] = null;
        environment["HARNESS_AZURITE_DIR"] = null;

        var run = (await HarnessRun.OfAsync(
            environment,
            ["backup", area.Source, "--vault", "azurite", "--passphrase-file", area.PassphraseFile, "--allow-case-sensitive"])).Expect(5);

        Assert.That(run.Error, Does.Contain("error NodeMissing: ").And.Contain("--vault memory"));
    }

    [Test]
    public async Task Vault_ThatNobodyServes_IsUnreachable()
    {
        using var area = new WorkArea();
        var environment = area.Environment;
        environment["AZURE_STORAGE_CONNECTION_STRING"] = "UseDevelopmentStorage=true";
        using var refused = new Support.RefusedPort();

        var run = (await HarnessRun.OfAsync(
            environment,
            ["recovery-points", "--vault", $"http://127.0.0.1:{refused.Port}/devstoreaccount1/vault", "--passphrase-file", area.PassphraseFile]))
            .Expect(5);

        Assert.That(run.Error, Does.Contain("error VaultUnreachable: "));
    }

    [Test]
    [Category("Azurite")]
    public async Task Azurite_OnATakenPort_SaysSo()
    {
        await Support.SharedAzurite.InstallAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var run = (await HarnessRun.OfAsync("azurite", "--port", $"{((IPEndPoint)taken.LocalEndpoint).Port}")).Expect(5);

        Assert.That(run.Error, Does.Contain("error AzuritePortTaken: "));
    }

    [Test]
    [Category("Azurite")]
    public async Task Azurite_InTheForeground_ServesABackupUntilItIsTerminated()
    {
        var installation = await Support.SharedAzurite.InstallAsync();
        using var area = new WorkArea();
        area.Write("a.txt", "a"u8);
        var environment = area.Environment;
        environment["HARNESS_AZURITE_DIR"] = installation.MainScript[..installation.MainScript.IndexOf("node_modules", StringComparison.Ordinal)];
        using var azurite = HarnessRun.Start(environment, ["azurite"]);
        var text = await ReadUntilAsync(azurite.StandardOutput, "--vault http");
        environment["AZURE_STORAGE_CONNECTION_STRING"] = text.Split('\'')[1];
        var url = text[(text.IndexOf("--vault http", StringComparison.Ordinal) + "--vault ".Length)..].Split('\n')[0].Trim();
        string[] common = ["--passphrase-file", area.PassphraseFile, "--json"];

        var backup = await HarnessRun.OfAsync(environment, ["backup", area.Source, "--allow-case-sensitive", "--vault", url, .. common]);
        environment.Remove("AZURE_STORAGE_CONNECTION_STRING");
        var list = await HarnessRun.OfAsync(environment, ["recovery-points", "--vault", "azurite", .. common]);
        await SignalAsync(azurite, "TERM");
        await azurite.WaitForExitAsync();

        Assert.That(backup.Expect(0).Json.GetProperty("requests").GetInt64(), Is.Positive);
        Assert.That(list.Expect(0).Json.GetProperty("recoveryPoints").GetArrayLength(), Is.EqualTo(1));
        Assert.That(azurite.ExitCode, Is.Zero);
    }

    /// <summary>As root every file can be read; without two capabilities root is a user like any other.</summary>
    private static async Task<HarnessRun> RunWithoutOverrideAsync(WorkArea area, params string[] args)
    {
        if (Environment.UserName != "root")
        {
            return await area.RunAsync(args);
        }

        if (!File.Exists("/usr/bin/setpriv"))
        {
            Assert.Ignore("Run as root without setpriv: nothing is unreadable.");
        }

        const string drop = "-dac_override,-dac_read_search";
        var start = new ProcessStartInfo(
            "/usr/bin/setpriv", [$"--bounding-set={drop}", $"--inh-caps={drop}", "dotnet", HarnessRun.Program, .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_CACHE_HOME"] = area.Environment["XDG_CACHE_HOME"];
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, output, await error);
    }

    private static Task<string> WaitForLineAsync(Process process, string start) => ReadUntilAsync(process.StandardError, start);

    private static async Task<string> ReadUntilAsync(StreamReader reader, string start)
    {
        var text = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            text += line + "\n";
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return text;
            }
        }

        throw new InvalidOperationException($"No line '{start}' in:\n{text}");
    }

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }
}
