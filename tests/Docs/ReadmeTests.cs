using System.CommandLine;
using System.Text.RegularExpressions;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine;
using Harness.Scenarios.CommandLine.Output;
using Harness.Tests.Architecture;
using NUnit.Framework;

namespace Harness.Tests.Docs;

/// <summary>What the README tells a newcomer to type must exist.</summary>
[TestFixture]
public sealed partial class ReadmeTests
{
    private static string Readme { get; } = SourceTree.Read("README.md");

    private static RootCommand Root { get; } = Application.CreateRoot(
        new Terminal(TextWriter.Null, TextWriter.Null, isOutLive: false, isErrorLive: false, canAsk: false));

    [TestCaseSource(nameof(Commands))]
    public void Command_InAFence_Parses(string command)
    {
        var words = command.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var args = words[0] == "harness" ? words.Skip(1) : words.Skip(1).Prepend("run");

        Assert.That(Root.Parse([.. args]).Errors.Select(e => e.Message), Is.Empty);
    }

    [Test]
    public void Commands_AreFound()
    {
        Assert.That(Commands().Count(), Is.GreaterThan(10));
    }

    [Test]
    public void Options_Mentioned_Exist()
    {
        var known = AllCommands(Root).SelectMany(c => c.Options).Select(o => o.Name)
            .Append("--project"); // dotnet's own

        Assert.That(OptionWord().Matches(Readme).Select(m => m.Value).Distinct(), Is.SubsetOf(known));
    }

    [Test]
    public void Verbs_AllOfThem_AreMentioned()
    {
        foreach (var verb in AllCommands(Root).Where(c => c.Subcommands.Count == 0))
        {
            var name = string.Join(' ', verb.Parents.OfType<Command>().Where(p => p is not RootCommand).Select(p => p.Name).Append(verb.Name));
            Assert.That(Readme, Does.Contain($"`{name}`"));
        }
    }

    [Test]
    public void ExitCodes_EqualThoseOfTheProgram()
    {
        foreach (var (code, meaning) in ExitCodes.All)
        {
            Assert.That(Readme, Does.Contain($"| {code} | {meaning} |"));
        }
    }

    [Test]
    public void ErrorCodes_EqualThoseOfTheEngine()
    {
        var listed = ErrorRow().Matches(Readme).Select(m => m.Groups["code"].Value);

        Assert.That(listed, Is.EquivalentTo(Enum.GetNames<ErrorCode>()));
    }

    [Test]
    public void Paths_InTheTable_Exist()
    {
        var table = Readme[Readme.IndexOf("## Where things are", StringComparison.Ordinal)..Readme.IndexOf("## Limits", StringComparison.Ordinal)];
        var paths = PathWord().Matches(table).Select(m => m.Groups["path"].Value).ToList();

        Assert.That(paths, Has.Count.GreaterThan(8));
        Assert.That(paths.Where(p => !Path.Exists(Path.Combine(SourceTree.Root, p))), Is.Empty);
    }

    private static IEnumerable<string> Commands() =>
        ShellFence().Matches(Readme)
            .SelectMany(m => m.Groups["body"].Value.Split('\n'))
            .Where(line => line.StartsWith("harness ", StringComparison.Ordinal)
                || line.StartsWith("./run-scenarios.sh", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal);

    private static IEnumerable<Command> AllCommands(Command root) =>
        root.Subcommands.SelectMany(AllCommands).Prepend(root);

    [GeneratedRegex("```sh\n(?<body>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShellFence();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]+", RegexOptions.None, 1000)]
    private static partial Regex OptionWord();

    [GeneratedRegex(@"^\| `(?<code>[A-Z][A-Za-z]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ErrorRow();

    [GeneratedRegex("`(?<path>[a-z][A-Za-z./]*)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PathWord();
}
