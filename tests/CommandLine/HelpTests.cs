using System.CommandLine;
using Harness.Scenarios.CommandLine;
using Harness.Scenarios.CommandLine.Output;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

[TestFixture]
public sealed class HelpTests
{
    [Test]
    public async Task Help_OfTheRoot_NamesEveryVerbExitCodeAndVariable()
    {
        var run = (await HarnessRun.OfAsync("--help")).Expect(0);

        foreach (var verb in VerbNames())
        {
            Assert.That(run.Out, Does.Contain($"\n  {verb}"));
        }

        foreach (var (code, meaning) in ExitCodes.All)
        {
            Assert.That(run.Out, Does.Contain($"{code}  {meaning}"));
        }

        Assert.That(run.Out, Does.Contain("HARNESS_PASSPHRASE").And.Contain("NO_COLOR"));
        Assert.That(run.Error, Is.Empty);
    }

    [TestCaseSource(nameof(VerbNames))]
    public async Task Help_OfAVerb_GivesAnExampleAndExitCodes(string verb)
    {
        var output = new StringWriter();
        var terminal = new Terminal(output, output, isOutLive: false, isErrorLive: false, canAsk: false);

        var exit = await Application.RunAsync([.. verb.Split(' '), "--help"], terminal, CancellationToken.None);

        Assert.That(exit, Is.Zero);
        Assert.That(output.ToString(), Does.Contain($"  harness {verb}").And.Contain("Example").And.Contain("Exit codes:"));
    }

    [TestCaseSource(nameof(Examples))]
    public void Example_OfAVerb_Parses(string example)
    {
        var words = example.Split('>')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var parse = Root().Parse(words.Skip(1).ToArray());

        Assert.That(parse.Errors.Select(e => e.Message), Is.Empty);
    }

    private static IEnumerable<string> VerbNames() => Root().Subcommands.Select(c => c.Name);

    private static IEnumerable<string> Examples() =>
        Root().Subcommands.OfType<Harness.Scenarios.CommandLine.Verbs.Verb>().SelectMany(v => v.Examples);

    private static RootCommand Root()
    {
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, isOutLive: false, isErrorLive: false, canAsk: false);
        return Application.CreateRoot(terminal);
    }
}
