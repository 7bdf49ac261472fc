using Harness.Simulator.Faults;
using NUnit.Framework;

namespace Harness.Tests.Faults;

/// <summary>Faults by address: their text, what they count, what they hit.</summary>
internal sealed class FaultRuleTests
{
    [TestCase("vault.create packs/* 3 lost-ack")]
    [TestCase("vault.read index/ab 1+ corrupt-body")]
    [TestCase("vault.create packs/* 2+ hang")]
    [TestCase("scratch.append * * full")]
    public void Parse_OfItsText_IsTheSame(string text)
    {
        var rule = FaultRule.Parse(text);

        Assert.That(FaultRule.Parse(rule.ToString()), Is.EqualTo(rule));
        Assert.That(rule.ToString(), Is.EqualTo(text.Replace(" 1+ ", " * ", StringComparison.Ordinal)));
    }

    [TestCase("vault.create packs/* 3", "OPERATION KEY ATTEMPT KIND")]
    [TestCase("vault.write packs/* 3 lost-ack", "'vault.write' is no operation")]
    [TestCase("vault.read packs/* 3 lost-ack", "'vault.read' does not go wrong as 'lost-ack'. Known: refused, ")]
    [TestCase("vault.read packs/* 3 nonsense", "does not go wrong as 'nonsense'")]
    [TestCase("vault.read packs/* 0 refused", "'0' is no attempt")]
    [TestCase("vault.read packs/* -1 refused", "'-1' is no attempt")]
    [TestCase("vault.read packs/* ++ refused", "'++' is no attempt")]
    public void Parse_OfWhatIsNone_SaysWhatIsWrong(string text, string message) =>
        Assert.That(() => FaultRule.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains(message));

    [Test]
    public void Plan_CountsByAddress_AndTellsWhatNeverFired()
    {
        var rules = new[]
        {
            FaultRule.Parse("vault.create packs/* 2 lost-ack"),
            FaultRule.Parse("vault.create * 4+ refused"),
            FaultRule.Parse("vault.delete packs/* 1 refused"),
        };
        var plan = new FaultPlan(rules);

        FaultKind?[] seen =
        [
            plan.Next("vault.create", "packs/aa"), plan.Next("vault.create", "index/aa"), plan.Next("vault.create", "packs/bb"),
            plan.Next("vault.create", "packs/cc"), plan.Next("vault.create", "packs/cc"), plan.Next("vault.read", "packs/cc"),
        ];

        Assert.That(seen, Is.EqualTo(new FaultKind?[] { null, null, FaultKind.LostAck, FaultKind.Refused, FaultKind.Refused, null }));
        Assert.That(plan.NeverFired, Is.EqualTo(new[] { rules[2] }));
    }

    [Test]
    public void Recorder_OfDrawnFaults_PlaysThemAgain([Range(1, 20)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var recorder = new FaultRecorder(new DrawnFaults((ulong)seed, 100_000, 30, (_, _) => true));
        var first = Calls().Select(call => recorder.Next(call.Operation, call.Key)).ToList();

        var plan = new FaultPlan(recorder.Fired);
        var again = Calls().Select(call => plan.Next(call.Operation, call.Key)).ToList();

        Assert.That(again, Is.EqualTo(first));
        Assert.That(recorder.Fired, Is.Not.Empty);
        Assert.That(recorder.Fired, Has.Count.LessThanOrEqualTo(30));
        Assert.That(plan.NeverFired, Is.Empty);
    }

    [Test]
    public void DrawnFaults_OneCallMoreElsewhere_LeavesTheOthersAsTheyWere()
    {
        var plain = new DrawnFaults(5, 200_000, long.MaxValue, (_, _) => true);
        var more = new DrawnFaults(5, 200_000, long.MaxValue, (_, _) => true);
        more.Next("scratch.append", "another");

        Assert.That(
            Calls().Select(call => more.Next(call.Operation, call.Key)).ToList(),
            Is.EqualTo(Calls().Select(call => plain.Next(call.Operation, call.Key)).ToList()));
    }

    [Test]
    public void DrawnFaults_AlwaysAndForEver_KeepWithinTheBudgets()
    {
        const int Always = 1_000_000;
        const int Seeds = 20;
        var (inARow, corrupt, inAll) = (0, 0, 0);
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var refused = new DrawnFaults(seed, Always, long.MaxValue, (_, _) => true);
            var flipped = new DrawnFaults(seed, Always, long.MaxValue, (_, kind) => kind == FaultKind.CorruptBody);
            var few = new DrawnFaults(seed, Always, 30, (_, _) => true);
            inARow = Math.Max(inARow, LongestRow(i => refused.Next("scratch.append", "state")));
            corrupt = Math.Max(corrupt, LongestRow(i => flipped.Next(i % 3 == 0 ? "vault.read-range" : "vault.read", "packs/aa")));
            inAll = Math.Max(inAll, Enumerable.Range(0, 1000).Count(i => few.Next("scratch.append", $"f{i}") is not null));
        }

        Assert.That((inARow, corrupt, inAll), Is.EqualTo((3, 1, 30)));
    }

    private static int LongestRow(Func<int, FaultKind?> next)
    {
        var (longest, row) = (0, 0);
        for (var i = 0; i < 100; i++)
        {
            row = next(i) is null ? 0 : row + 1;
            longest = Math.Max(longest, row);
        }

        return longest;
    }

    private static IEnumerable<(string Operation, string Key)> Calls()
    {
        for (var i = 0; i < 300; i++)
        {
            yield return ("vault.create", $"packs/{i:x2}");
            yield return ("vault.create", $"index/{i:x2}");
            yield return ("scratch.read", "state");
            yield return ("source.read", $"d{i % 3}/f{i}");
        }
    }
}
