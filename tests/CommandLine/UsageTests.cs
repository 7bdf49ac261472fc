using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>What is wrong on the command line is one line and a hint, exit code 5, and never a page of help.</summary>
[TestFixture]
public sealed class UsageTests
{
    [TestCase("", "Which verb? run, matrix,", "harness --help")]
    [TestCase("frobnicate", "'frobnicate'", "harness --help")]
    [TestCase("backup x --vualt memory", "'--vualt'", "harness backup --help")]
    [TestCase("backup x", "'--vault' is required", "harness backup --help")]
    [TestCase("restore --vault memory --target t --recovery-point zero", "'zero' is not a recovery point", "harness restore --help")]
    [TestCase("restore --vault memory --target t --on-collision maybe", "'maybe' not recognized", "harness restore --help")]
    [TestCase("run --seed dice", "'dice' is not a whole number from 0", "harness run --help")]
    [TestCase("azurite --port 70000", "'70000' is not a whole number from 1 to 65535", "harness azurite --help")]
    [TestCase("schema poem", "'poem' not recognized", "harness schema --help")]
    [TestCase("explain", "Neither a path nor --traits", "harness explain PATH")]
    [TestCase("explain x --traits sparse", "cannot be given together", "harness explain PATH")]
    [TestCase("explain --traits sparse,shiny", "no trait 'shiny'", "Known traits: encrypted, compressed, sparse,")]
    public async Task Arguments_NotUsable_GiveOneLineAndAHint(string line, string message, string hint)
    {
        var run = (await HarnessRun.OfAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Expect(5);

        var lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines[0], Does.StartWith("error ArgumentInvalid: ").And.Contain(message));
        Assert.That(lines[1], Does.StartWith("  remedy: ").And.Contain(hint));
        Assert.That(run.Out, Is.Empty);
    }

    [Test]
    public async Task Argument_ThatIsEmpty_IsRefused()
    {
        var run = (await HarnessRun.OfAsync("restore", "--vault", "memory", "--target", "")).Expect(5);

        Assert.That(run.Error, Does.StartWith("error ArgumentInvalid: One of the arguments is empty."));
    }

    [Test]
    public async Task Profile_Unknown_GivesTheKnownOnes()
    {
        var run = (await HarnessRun.OfAsync("matrix", "--diff", "mars-1999")).Expect(5);

        Assert.That(run.Error, Does.StartWith("error ProfileNotFound: ").And.Contain("mars-1999").And.Contain("dpm-classic-2018"));
    }

    [TestCase("frobnicate", "--json")]
    [TestCase("explain", "--traits", "shiny", "--json")]
    public async Task Error_WithJson_IsOneDocument(params string[] args)
    {
        var run = (await HarnessRun.OfAsync(args)).Expect(5);

        var error = run.Json.GetProperty("error");
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("ArgumentInvalid"));
        Assert.That(error.GetProperty("message").GetString(), Is.Not.Empty);
        Assert.That(error.GetProperty("remedy").GetString(), Is.Not.Empty);
        Assert.That(error.TryGetProperty("clause", out _), Is.True);
    }
}
