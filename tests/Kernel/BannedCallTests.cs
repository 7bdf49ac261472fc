using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Harness.Tests.Architecture;
using Harness.Tests.CommandLine;
using NUnit.Framework;

namespace Harness.Tests.Kernel;

/// <summary>
/// A call that leaves the thread of the simulation, or asks the machine for what a port gives, is refused when engine/Core is built: the
/// compiler of the SDK, with the analyzer and the list of the project, on one file of such calls.
/// </summary>
internal sealed partial class BannedCallTests
{
    private const string Rule = "RS0030";
    private const string Package = "Microsoft.CodeAnalysis.BannedApiAnalyzers";

    private static readonly string[] Calls =
    [
        "_ = DateTime.Now;", "_ = DateTimeOffset.UtcNow;", "_ = TimeProvider.System;", "_ = Environment.TickCount64;", "_ = Stopwatch.GetTimestamp();",
        "_ = new Random(1);", "_ = RandomNumberGenerator.GetBytes(1);", "_ = Guid.NewGuid();", "_ = Task.Run(() => { });", "new Thread(() => { }).Start();",
        "Parallel.For(0, 1, _ => { });", "ThreadPool.QueueUserWorkItem(_ => { });", "await Task.Delay(1);", "await Task.CompletedTask.ConfigureAwait(false);",
        "await new CancellationTokenSource().CancelAsync();", "_ = new CancellationTokenSource(1);", "_ = new PeriodicTimer(TimeSpan.MaxValue);",
        "_ = File.Exists(\"a\");", "_ = Directory.Exists(\"a\");", "_ = new HttpClient();", "Console.Beep();", "_ = Task.WhenEach(Task.CompletedTask);",
        "_ = new MemoryStream().CopyToAsync(Stream.Null);", "_ = new StreamReader(Stream.Null);",
    ];

    /// <summary>One run of the compiler, of some seconds, for all of them; and a call that is not banned passes.</summary>
    [Test]
    public void Build_OfABannedCall_Fails()
    {
        using var area = new WorkArea();
        var lines = Calls.Prepend("await Task.Yield();").ToList();
        File.WriteAllText(
            area.In("Banned.cs"),
            "using System; using System.Diagnostics; using System.IO; using System.Net.Http; using System.Security.Cryptography;"
            + "using System.Threading; using System.Threading.Tasks; class Banned { async Task Call() {\n"
            + string.Join('\n', lines) + "\n} }");

        var (exit, output) = Compile(area.In("Banned.cs"), area.In("banned.dll"));

        var refused = Refused().Matches(output).Select(match => int.Parse(match.Groups["line"].ValueSpan)).ToHashSet();
        Assert.That(exit, Is.Not.Zero, output);
        Assert.That(lines.Where((_, i) => !refused.Contains(i + 2)), Is.EqualTo(new[] { lines[0] }), output);
        Assert.That(Errors().Matches(output).Select(match => match.Value).Distinct(), Is.EqualTo(new[] { $"error {Rule}" }), output);
    }

    [Test]
    public void Sources_OfTheEngine_NeverSwitchTheRuleOff()
    {
        var silenced = SourceTree.Files(".cs").Concat(SourceTree.Files(".csproj"))
            .Where(path => path.StartsWith("engine/Core/", StringComparison.Ordinal) && SourceTree.Read(path).Contains(Rule, StringComparison.Ordinal));

        Assert.That(silenced, Is.Empty);
        Assert.That(SourceTree.Read("Directory.Build.props"), Does.Contain("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>").And.Not.Contain(Rule));
    }

    private static (int Exit, string Output) Compile(string source, string target)
    {
        var core = Path.Combine(SourceTree.Root, "engine", "Core");
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();
        string[] arguments =
        [
            "exec", Compiler(runtime), "-nologo", "-noconfig", "-target:library", "-warnaserror+", "-nowarn:CS1591", $"-out:{target}",
            .. Directory.EnumerateFiles(runtime, "System*.dll").Select(path => $"-r:{path}"),
            .. Directory.EnumerateFiles(Analyzers(core), "*.dll").Select(path => $"-a:{path}"),
            $"-additionalfile:{Path.Combine(core, "BannedSymbols.txt")}", source,
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>The compiler of the newest SDK beside the runtime that the tests run on.</summary>
    private static string Compiler(string runtime) =>
        Directory.EnumerateDirectories(Path.Combine(runtime, "..", "..", "..", "sdk"))
            .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll"))
            .Where(File.Exists)
            .Order(StringComparer.Ordinal)
            .Last();

    /// <summary>Where the analyzer is that the engine is built with.</summary>
    private static string Analyzers(string core)
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(core, "obj", "project.assets.json")));
        var library = assets.RootElement.GetProperty("libraries").EnumerateObject().Single(item => item.Name.StartsWith(Package + "/", StringComparison.OrdinalIgnoreCase));
        return assets.RootElement.GetProperty("packageFolders").EnumerateObject()
            .Select(folder => Path.Combine(folder.Name, library.Value.GetProperty("path").GetString()!, "analyzers", "dotnet", "cs"))
            .First(Directory.Exists);
    }

    [GeneratedRegex(@"Banned\.cs\((?<line>\d+),\d+\): error RS0030", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Refused();

    [GeneratedRegex(@"error [A-Z]+\d+", RegexOptions.None, 1000)]
    private static partial Regex Errors();
}
