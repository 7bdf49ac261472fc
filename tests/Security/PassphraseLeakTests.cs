using Harness.Tests.CommandLine;
using NUnit.Framework;

namespace Harness.Tests.Security;

/// <summary>The passphrase is in nothing that a run prints or leaves behind, whether it ends well, fails or crashes.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PassphraseLeakTests
{
    private const string Passphrase = "Obsidian~Walrus#8264 of the tests";
    private const string Wrong = "Obsidian~Walrus#8264 of the wrong";
    private const string Word = "Obsidian~Walrus#8264";

    /// <summary>Each verb that takes a passphrase, with {vault}, {scratch}, {source}, {target} to be filled in.</summary>
    private static readonly string[][] Verbs =
    [
        ["backup", "{source}", "--vault", "{vault}", "--scratch", "{scratch}", "--allow-case-sensitive"],
        ["recovery-points", "--vault", "{vault}"],
        ["restore", "--vault", "{vault}", "--target", "{target}"],
        ["verify", "{source}", "--vault", "{vault}"],
        ["check", "--vault", "{vault}", "--read-data"],
        ["repair", "--vault", "{vault}", "--read-data"],
        ["forget", "--vault", "{vault}", "--recovery-point", "1"],
        ["undelete", "--vault", "{vault}", "--recovery-point", "1"],
        ["prune", "--vault", "{vault}"],
        ["retention", "show", "--vault", "{vault}"],
    ];

    [Test]
    public async Task AnyVerb_EndingWellOrNot_LeavesNoPassphraseAnywhere()
    {
        using var area = Area();
        var printed = new List<string>();
        foreach (var mode in new[] { "well", "again", "wrong", "damaged", "gone" })
        {
            Prepare(area, mode);
            foreach (var verb in Verbs)
            {
                var args = verb.Select(word => Filled(area, word, mode)).ToArray();
                foreach (var more in new string[][] { ["--verbose"], ["--json", "--verbose"] })
                {
                    var run = await InProcess.RunAsync([.. args, "--passphrase-file", area.PassphraseFile, .. more]);
                    printed.Add($"{mode} {string.Join(' ', verb)} {run.Exit}\n{run.Out}\n{run.Error}");
                }
            }
        }

        Assert.That(printed.Where(text => text.Contains(Word, StringComparison.OrdinalIgnoreCase)), Is.Empty);
        Assert.That(printed.Select(text => text.Split('\n')[0].Split(' ')[^1]).Distinct(), Is.SupersetOf(new[] { "0", "2", "5" }), "runs end in several ways");
        AssertNoFileHasIt(area);
    }

    [Test]
    public async Task Process_ThatCrashes_PrintsAndLeavesNoPassphrase()
    {
        using var area = Area();
        area.Write("a.txt", "content"u8);
        var environment = area.Environment;
        environment["HARNESS_PASSPHRASE"] = Passphrase;
        environment["HARNESS_DEBUG"] = "1";
        environment["DOTNET_DbgEnableMiniDump"] = "0";

        // A path that no file system takes is an error nobody has foreseen, or one that is reported as what it is: either way it is printed.
        var runs = new[]
        {
            await HarnessRun.OfAsync(environment, ["backup", area.Source, "--vault", area.Vault, "--allow-case-sensitive", "--verbose"]),
            await HarnessRun.OfAsync(environment, ["backup", area.Source, "--vault", "dir:/proc/self/mem/x", "--allow-case-sensitive", "--verbose"]),
            await HarnessRun.OfAsync(environment, ["restore", "--vault", area.Vault, "--target", "/dev/null/x", "--verbose", "--json"]),
        };

        Assert.That(runs.Select(run => run.Exit), Has.Some.Zero.And.Some.Not.Zero);
        Assert.That(runs.Select(run => run.Out + run.Error).Where(text => text.Contains(Word, StringComparison.OrdinalIgnoreCase)), Is.Empty);
        AssertNoFileHasIt(area);
    }

    [TestCase("--passphrase", Passphrase)]
    [TestCase("--passphrase=" + Passphrase)]
    [TestCase("-p", Passphrase)]
    [TestCase("--password", Passphrase)]
    public async Task Passphrase_OnTheCommandLine_IsRefusedWithAReasonAndNotRepeated(params string[] option)
    {
        using var area = Area();

        foreach (var json in new string[][] { [], ["--json"] })
        {
            var run = await InProcess.RunAsync(["check", "--vault", area.Vault, .. option, .. json]);

            Assert.That(run.Exit, Is.EqualTo(5));
            Assert.That(run.Error + run.Out, Does.Not.Contain(Word).And.Not.Contain("Walrus"));
            Assert.That(run.Error, Does.Contain("--passphrase-file").And.Contain("HARNESS_PASSPHRASE").And.Contain("other users"));
        }
    }

    [Test]
    public async Task UnhandledError_WithItsTrace_PrintsNoPassphrase()
    {
        using var area = Area();
        area.Write("a.txt", "content"u8);
        (await InProcess.RunAsync(["backup", area.Source, "--vault", area.Vault, "--scratch", area.In("scratch"), "--allow-case-sensitive", "--passphrase-file", area.PassphraseFile])).Expect(0);
        var terminal = new Harness.Scenarios.CommandLine.Output.Terminal(new ThrowingWriter(), new StringWriter(), false, false, canAsk: false);

        var exit = await Harness.Scenarios.CommandLine.Application.RunAsync(
            ["check", "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--verbose"], terminal, CancellationToken.None);

        Assert.That(exit, Is.EqualTo(1));
        Assert.That(terminal.Error.ToString(), Does.Contain("error InternalError").And.Not.Contain(Word));
    }

    private static WorkArea Area()
    {
        var area = new WorkArea();
        File.WriteAllText(area.PassphraseFile, Passphrase + "\n");
        return area;
    }

    private static void Prepare(WorkArea area, string mode)
    {
        area.Write($"{mode}.txt", System.Text.Encoding.UTF8.GetBytes(mode + " content"));
        File.WriteAllText(area.PassphraseFile, mode == "wrong" ? Wrong : Passphrase);
        if (mode == "damaged")
        {
            var pack = Directory.GetFiles(Path.Combine(area.VaultDirectory, "packs"), "*", SearchOption.AllDirectories)[0];
            File.SetAttributes(pack, FileAttributes.Normal);
            File.WriteAllBytes(pack, [.. File.ReadAllBytes(pack).Select(b => (byte)(b ^ 1))]);
        }
    }

    private static string Filled(WorkArea area, string word, string mode) => word
        .Replace("{vault}", mode == "gone" ? "dir:" + area.In("no-vault") : area.Vault, StringComparison.Ordinal)
        .Replace("{scratch}", area.In("scratch"), StringComparison.Ordinal)
        .Replace("{source}", area.Source, StringComparison.Ordinal)
        .Replace("{target}", area.In("target-" + mode), StringComparison.Ordinal);

    private static void AssertNoFileHasIt(WorkArea area)
    {
        var files = Directory.GetFiles(area.Root, "*", SearchOption.AllDirectories).Where(file => file != area.PassphraseFile).ToList();
        Assert.That(files, Is.Not.Empty);
        Assert.That(files.Select(file => (file, Markers.FoundIn(File.ReadAllBytes(file), Word))).Where(item => item.Item2 is not null), Is.Empty);
    }

    private sealed class ThrowingWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new FormatException("the output breaks");

        public override void Write(string? value) => throw new FormatException("the output breaks");
    }
}
