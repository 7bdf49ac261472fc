using Harness.Scenarios.Model;
using NUnit.Framework;

namespace Harness.Tests.Scenarios;

public class BudgetTests
{
    [TestCase("10%", 100_000, 10_000)]
    [TestCase("10% - 1", 100_000, 9_999)]
    [TestCase("9.99%", 100_001, 9_991)]
    [TestCase("2 * (1KiB + 3B)", 0, 2054)]
    [TestCase("1_000 - 1 - 1", 0, 998)]
    [TestCase("0.5GiB", 0, 536_870_912)]
    public void Amount_OfProtected_IsExactAndRoundedUp(string text, long protectedBytes, long expected)
    {
        Assert.That(Amount.Parse(text).Evaluate(_ => protectedBytes), Is.EqualTo(expected));
    }

    [Test]
    public void Amount_TenPercentOfTheLargestSource_IsExact()
    {
        Assert.That(Amount.Parse("10%").Evaluate(_ => 58_411_555_225_600m), Is.EqualTo(5_841_155_522_560));
    }

    [TestCase("<= 1.05 * changed + 64KiB", 170_536, true)]
    [TestCase("<= 1.05 * changed + 64KiB", 170_537, false)]
    [TestCase("< 100000", 100_000, false)]
    [TestCase(">= changed", 100_000, true)]
    [TestCase("== 2 * size(a b/c.txt)", 200_000, true)]
    [TestCase("> 5", 5, false)]
    public void Judge_Measured_FollowsTheComparison(string text, long measured, bool holds)
    {
        Assert.That(Budget.Parse(text).Judge(measured, _ => 100_000).Holds, Is.EqualTo(holds));
    }

    [TestCase("64KiB")]
    [TestCase("<= ")]
    [TestCase("<= 64KB")]
    [TestCase("<= chnged")]
    [TestCase("<= 1.2.3")]
    [TestCase("<= (1")]
    [TestCase("<= size(a")]
    [TestCase("<= 1 2")]
    public void Parse_NotABound_SaysWhatIsAllowed(string text)
    {
        Assert.That(() => Budget.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains("Allowed"));
    }
}
