using System.Diagnostics;
using Harness.Tests.Architecture;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.PowerShell;

/// <summary>
/// run-scenarios.ps1 is read by a real parser, since no PowerShell need be here. The parser comes from npm, pinned by
/// package-lock.json, and is installed beside the test assembly once.
/// </summary>
[TestFixture]
[Platform(Exclude = "Win", Reason = "The tools are looked for as on Unix; Windows runs the script itself.")]
internal sealed class SyntaxTests
{
    private const string Script = "run-scenarios.ps1";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "powershell-syntax");

    [OneTimeSetUp]
    public async Task InstallAsync()
    {
        SystemTool.Require("node", "npm");
        Directory.CreateDirectory(Folder);
        foreach (var file in new[] { "package.json", "package-lock.json", "check-syntax.mjs" })
        {
            File.WriteAllText(Path.Combine(Folder, file), SourceTree.Read("tests/PowerShell/" + file));
        }

        var stamp = Path.Combine(Folder, "installed");
        var wanted = SourceTree.Read("tests/PowerShell/package-lock.json");
        if (!File.Exists(stamp) || await File.ReadAllTextAsync(stamp) != wanted)
        {
            await SystemTool.RunAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", Folder);
            await File.WriteAllTextAsync(stamp, wanted);
        }
    }

    [Test]
    public async Task Scripts_AsTheyAreAndBroken_AreToldApart()
    {
        var text = SourceTree.Read(Script);
        var broken = new Dictionary<string, string>
        {
            ["no-brace.ps1"] = Without(text, "exit 1 }", "exit 1"),
            ["no-parenthesis.ps1"] = Without(text, "(Test-Path $stamp)", "(Test-Path $stamp"),
            ["no-quote.ps1"] = Without(text, "'Stop'", "'Stop"),
            ["no-end-of-help.ps1"] = Without(text, "#>", ""),
        };
        foreach (var (name, content) in broken)
        {
            await File.WriteAllTextAsync(Path.Combine(Folder, name), content);
        }

        var (good, goodOutput) = await CheckAsync(Path.Combine(SourceTree.Root, Script));
        var (bad, badOutput) = await CheckAsync([.. broken.Keys]);

        Assert.Multiple(() =>
        {
            Assert.That(good, Is.Zero, goodOutput);
            Assert.That(bad, Is.EqualTo(1));
            foreach (var name in broken.Keys)
            {
                Assert.That(badOutput, Does.Match($@"{name}:\d+:\d+: "));
            }
        });
    }

    private static string Without(string text, string part, string replacement)
    {
        Assert.That(text, Does.Contain(part));
        return text.Replace(part, replacement, StringComparison.Ordinal);
    }

    /// <summary>Parses with the quick compiler of WebAssembly: the thorough one takes twenty seconds over the grammar.</summary>
    private static async Task<(int Exit, string Output)> CheckAsync(params string[] files)
    {
        var start = new ProcessStartInfo("node", ["--liftoff-only", "check-syntax.mjs", .. files])
        {
            UseShellExecute = false,
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
