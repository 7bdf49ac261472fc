using Harness.Scenarios.CommandLine;
using Harness.Scenarios.CommandLine.Output;
using Harness.Tests.Architecture;
using NUnit.Framework;

namespace Harness.Tests.Workflows;

/// <summary>What CI systems are given: it is YAML, and every command line of harness in it is one that harness takes.</summary>
[TestFixture]
public sealed class WorkflowTests
{
    private static readonly string[] Files =
    [
        ".github/workflows/pull-request.yml", ".github/workflows/nightly.yml", "azure-pipelines.yml", "azure-pipelines-nightly.yml",
        "build/ci/kubernetes-job.yaml",
    ];

    [TestCaseSource(nameof(Files))]
    public void File_Parses_AndHasCommandsOfHarness(string file)
    {
        Assert.That(YamlTexts.In(SourceTree.Read(file)).SelectMany(CommandLines.In), Is.Not.Empty);
    }

    [TestCaseSource(nameof(AllCommands))]
    public void Command_InAFile_IsOneThatHarnessTakes(string file, string command)
    {
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, isOutLive: false, isErrorLive: false, canAsk: false);

        var errors = Application.CreateRoot(terminal).Parse(CommandLines.Words(command)).Errors;

        Assert.That(errors.Select(error => error.Message), Is.Empty, $"{file}: {command}");
    }

    [TestCase("dotnet x/harness.dll run --shrad 1/2", "run --shrad 1/2")]
    [TestCase("a && ./run-scenarios.sh --vault memory | tee log", "run --vault memory")]
    [TestCase("exec dotnet \"$dll\" run --out \"$out/$ID\" \"$@\"", "run --out 1/1")]
    [TestCase("./run-scenarios.sh --shard ${{ matrix.shard }}/4 --out $(A.B)/c", "run --shard 1/4 --out 1/c")]
    [TestCase("./run-scenarios.ps1 -Vault memory -Filter 'area:x y' -Out o", "run --vault memory --filter 'area:x y' --out o")]
    [TestCase("dotnet build scenarios", null)]
    public void CommandLines_OfAText_AreFound(string text, string? expected)
    {
        Assert.That(CommandLines.In(text), Is.EqualTo(expected is null ? [] : new[] { expected }));
    }

    [Test]
    public void Workflows_ActionsAndImages_ArePinned()
    {
        foreach (var file in Files)
        {
            var uses = SourceTree.Read(file).Split('\n').Where(line => line.Contains("uses: ", StringComparison.Ordinal));
            Assert.That(uses, Has.All.Match("@v[0-9]+$"), file);
            Assert.That(SourceTree.Read(file), Does.Not.Contain("-latest"), file);
        }
    }

    [Test]
    public void Guide_EveryFile_IsThere()
    {
        var guide = SourceTree.Read("build/ci/README.md");

        Assert.That(Files.Append("build/ci/slurm-array.sh"), Has.All.Matches<string>(file => guide.Contains($"`{file}`", StringComparison.Ordinal)));
    }

    [Test]
    public void Guide_EverySystem_HasItsVariables()
    {
        var guide = SourceTree.Read("build/ci/README.md");

        foreach (var system in Harness.Scenarios.Running.BatchSystem.All)
        {
            Assert.That(guide, Does.Contain($"`{system.IndexVariable}` | {(system.FirstVariable is null ? $"{system.First}" : $"`{system.FirstVariable}`")}"));
            Assert.That(guide, Does.Contain($"`{system.CountVariable}`"));
        }
    }

    private static IEnumerable<TestCaseData> AllCommands() => Files
        .SelectMany(file => YamlTexts.In(SourceTree.Read(file)).Select(text => (file, text)))
        .Append(("build/ci/slurm-array.sh", SourceTree.Read("build/ci/slurm-array.sh")))
        .Append((".ci/run", SourceTree.Read(".ci/run")))
        .SelectMany(pair => CommandLines.In(pair.Item2).Distinct().Select(command => new TestCaseData(pair.Item1, command)));
}
