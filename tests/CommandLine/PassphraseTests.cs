using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>Where the passphrase comes from, and what is wrong with some.</summary>
[TestFixture]
public sealed class PassphraseTests
{
    private const string Variable = "HARNESS_PASSPHRASE";

    [Test]
    public async Task Passphrase_NoneGivenAndNoTerminal_IsMissing()
    {
        var run = (await HarnessRun.OfAsync("recovery-points", "--vault", "memory")).Expect(5);

        Assert.That(run.Error, Does.StartWith("error PassphraseMissing: ").And.Contain("--passphrase-file").And.Contain(Variable));
    }

    [TestCase("fifteen chars..", "PassphraseTooShort", "minimum of 16 characters")]
    [TestCase("", "PassphraseTooShort", "minimum of 16 characters")]
    [TestCase("sechzehn Zeichen mit ä", "PassphraseNotAscii", "passphrase.ascii")]
    public async Task Passphrase_AgainstTheRules_IsRefusedWithTheClause(string passphrase, string code, string words)
    {
        using var area = new WorkArea();
        File.WriteAllText(area.PassphraseFile, passphrase);

        var run = (await area.BackupAsync()).Expect(5);

        Assert.That(run.Error, Does.StartWith($"error {code}: ").And.Contain(words));
        Assert.That(run.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo(code));
        Assert.That(passphrase.Length == 0 || !(run.Error + run.Out).Contains(passphrase, StringComparison.Ordinal), Is.True);
        Assert.That(Directory.Exists(area.VaultDirectory), Is.False);
    }

    [Test]
    public async Task PassphraseFile_ThatIsNotThere_IsNamed()
    {
        var run = (await HarnessRun.OfAsync("check", "--vault", "memory", "--passphrase-file", "no-such-file")).Expect(5);

        Assert.That(run.Error, Does.StartWith("error FileInaccessible: ").And.Contain("no-such-file"));
    }

    [Test]
    public async Task Passphrase_OfTheEnvironment_OpensWhatTheFileMade()
    {
        using var area = new WorkArea();
        area.Write("a.txt", "a"u8);
        (await area.BackupAsync()).Expect(0);

        var environment = area.Environment;
        environment[Variable] = WorkArea.Passphrase;
        var run = await HarnessRun.OfAsync(environment, ["recovery-points", "--vault", area.Vault, "--json"]);

        Assert.That(run.Expect(0).Json.GetProperty("recoveryPoints").GetArrayLength(), Is.EqualTo(1));
    }

    [TestCase("check")]
    [TestCase("recovery-points")]
    [TestCase("restore", "--target", "unused")]
    public async Task Passphrase_ThatIsWrong_OpensNothing(params string[] verb)
    {
        using var area = new WorkArea();
        area.Write("a.txt", "a"u8);
        (await area.BackupAsync()).Expect(0);
        File.WriteAllText(area.PassphraseFile, "not the right passphrase");

        var run = (await area.RunAsync([.. verb, "--vault", area.Vault, "--passphrase-file", area.PassphraseFile])).Expect(5);

        Assert.That(run.Error, Does.Contain("error PassphraseWrong: "));
    }
}
