using System.Diagnostics;
using System.Text.RegularExpressions;
using Harness.Scenarios.CommandLine;
using Harness.Scenarios.CommandLine.Output;
using Harness.Tests.Architecture;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>The two scripts: thin, equal to each other, and quick the second time.</summary>
[TestFixture]
public sealed partial class ScriptTests
{
    private const string Shell = "run-scenarios.sh";
    private const string PowerShell = "run-scenarios.ps1";

    // A stand-in for dotnet: it notes its arguments, makes the program on "build", and ends "run" with a code of its own.
    private const string FakeDotnet = """
        #!/bin/sh
        printf '%s|' "$@" >> "$LOG"
        printf '\n' >> "$LOG"
        if [ "$1" = build ]; then
          mkdir -p scenarios/bin/Release/net10.0 && : > scenarios/bin/Release/net10.0/harness.dll
        else
          exit 13
        fi
        """;

    [Test]
    public void Scripts_ListTheSameOptions_AllOfThemOptionsOfRun()
    {
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, isOutLive: false, isErrorLive: false, canAsk: false);
        var run = Application.CreateRoot(terminal).Subcommands.Single(c => c.Name == "run");
        var shell = Options(SourceTree.Read(Shell));

        Assert.That(Options(SourceTree.Read(PowerShell)), Is.EquivalentTo(shell));
        Assert.That(run.Options.Select(o => o.Name), Is.SupersetOf(shell));
        Assert.That(shell, Is.EquivalentTo(new[] { "--filter", "--vault", "--profile", "--seed", "--out" }));
    }

    [TestCase("scenarios/bin/Release/net10.0/harness.dll")]
    [TestCase("scenarios/Harness.Scenarios.csproj")]
    [TestCase("-c Release -p:RunAnalyzers=false --nologo -v quiet -clp:ErrorsOnly")]
    [TestCase(" run ")]
    public void Scripts_CallTheSameCommandLine(string part)
    {
        Assert.That(SourceTree.Read(Shell), Does.Contain(part));
        Assert.That(SourceTree.Read(PowerShell), Does.Contain(part));
    }

    [Test]
    public void PowerShellScript_IsThin()
    {
        var text = SourceTree.Read(PowerShell);
        var code = text[(text.IndexOf("#>", StringComparison.Ordinal) + 2)..].Split('\n').Count(line => line.Trim() is { Length: > 0 } l && l[0] != '#');

        Assert.That(code, Is.LessThanOrEqualTo(60));
        Assert.That(text, Does.StartWith("#Requires -Version 5.1"));
        Assert.That(text.TrimEnd(), Does.EndWith("exit $LASTEXITCODE"));
    }

    [Test]
    public void PowerShellScript_EachParameter_IsAnOptionOfRunAndHasHelp()
    {
        var text = SourceTree.Read(PowerShell);
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, isOutLive: false, isErrorLive: false, canAsk: false);
        var run = Application.CreateRoot(terminal).Subcommands.Single(c => c.Name == "run");
        var parameters = Parameter().Matches(text).Select(m => m.Groups["name"].Value).ToList();
        var ids = parameters.Where(p => p is "Id" or "Remaining").ToList();

        Assert.Multiple(() =>
        {
            Assert.That(parameters, Is.EqualTo(new[] { "Id", "Filter", "Vault", "Profile", "Seed", "Out", "Remaining" }));
            Assert.That(parameters.Except(ids).Select(p => "--" + p.ToLowerInvariant()), Is.SubsetOf(run.Options.Select(o => o.Name)));
            Assert.That(run.Arguments.Single().Name, Is.EqualTo("IDS"));
            Assert.That(HelpOfParameter().Matches(text).Select(m => m.Groups["name"].Value), Is.EqualTo(parameters));
            Assert.That(text, Does.Contain(".SYNOPSIS").And.Contain(".DESCRIPTION").And.Contain(".EXAMPLE").And.Contain(".NOTES"));
            Assert.That(text, Does.Contain("ArgumentCompleter").And.Contain("run --list"));
            foreach (var (code, _) in ExitCodes.All.Where(e => e.Code != ExitCodes.MergeIncomplete))
            {
                Assert.That(text[text.IndexOf(".NOTES", StringComparison.Ordinal)..], Does.Match($@"\b{code} [a-z]"));
            }
        });
    }

    [Test]
    public async Task PowerShellScript_ListThatItCompletesIdsFrom_HasAVaultBehindEachId()
    {
        var list = (await InProcess.RunAsync(["run", "--list", "--vault", "memory"])).Expect(0);

        var ids = list.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(ids, Has.Length.GreaterThan(100).And.All.EndWith("@memory"));
    }

    [Test]
    public async Task ShellScript_FromElsewhereWithSpacesAndNoGit_BuildsOnceAndForwardsArgumentsAndExitCode()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("The shell script is for systems with a POSIX shell.");
        }

        using var box = new ScriptBox(SourceTree.Read(Shell), FakeDotnet);

        var first = await box.RunAsync("--filter", "a b", "--seed", "7");
        var second = await box.RunAsync();
        box.Edit("engine/New.cs");
        var third = await box.RunAsync();

        Assert.That(new[] { first, second, third }, Is.All.EqualTo(13));
        Assert.That(box.Log.Select(l => l.Split('|')[0] == "build"), Is.EqualTo(new[] { true, false, false, true, false }));
        Assert.That(box.Log[1], Does.EndWith("/harness.dll|run|--filter|a b|--seed|7|"));
    }

    [GeneratedRegex(@"^  \[string(\[\])?\]\$(?<name>[A-Za-z]+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^\.PARAMETER (?<name>[A-Za-z]+)\n\S", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex HelpOfParameter();

    private static HashSet<string> Options(string script) =>
        [.. OptionWithValue().Matches(script).Select(m => m.Groups["name"].Value)];

    [GeneratedRegex("(?<name>--[a-z-]+) (E|V|P|N|DIR)\\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OptionWithValue();

    /// <summary>A tree that looks like the repository to the script, in a path with spaces.</summary>
    private sealed class ScriptBox : IDisposable
    {
        private readonly string _top = Directory.CreateTempSubdirectory("harness-script-").FullName;
        private readonly string _root;

        public ScriptBox(string script, string dotnet)
        {
            _root = Path.Combine(_top, "a folder with spaces");
            foreach (var file in new[] { "engine/A.cs", "simulator/B.cs", "scenarios/C.cs", "X.props", "global.json", "nuget.config" })
            {
                Edit(file);
            }

            Executable(Path.Combine(_root, Shell), script);
            Executable(Path.Combine(_top, "bin", "dotnet"), dotnet);
        }

        public string[] Log => File.ReadAllLines(Path.Combine(_top, "log"));

        public void Edit(string file)
        {
            var path = Path.Combine(_root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file);
        }

        public async Task<int> RunAsync(params string[] args)
        {
            var start = new ProcessStartInfo(Path.Combine(_root, Shell), args)
            {
                UseShellExecute = false,
                WorkingDirectory = Path.GetTempPath(),
                RedirectStandardError = true,
            };
            start.Environment["LOG"] = Path.Combine(_top, "log");
            start.Environment["PATH"] = Path.Combine(_top, "bin") + ":" + Environment.GetEnvironmentVariable("PATH");
            using var process = Process.Start(start)!;
            await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode;
        }

        public void Dispose() => Directory.Delete(_top, recursive: true);

        private static void Executable(string path, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }
}
