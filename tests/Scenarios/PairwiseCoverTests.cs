using Harness.Scenarios.Yaml;
using NUnit.Framework;

namespace Harness.Tests.Scenarios;

[TestFixture]
public sealed class PairwiseCoverTests
{
    [TestCase(new[] { 3 }, 3)]
    [TestCase(new[] { 2, 3 }, 6)]
    [TestCase(new[] { 2, 2, 2 }, 4)]
    [TestCase(new[] { 3, 3, 3, 3 }, 12)]
    [TestCase(new[] { 5, 4, 3, 2, 2, 2 }, 20)]
    [TestCase(new[] { 2, 2, 2, 2, 2, 2, 2, 2, 2, 2 }, 10)]
    [TestCase(new[] { 10, 10, 10, 10 }, 142)]
    [TestCase(new[] { 1, 4, 1, 3 }, 12)]
    public void Of_AnySizes_MeetsEveryPairInFewRows(int[] sizes, int atMost)
    {
        var rows = PairwiseCover.Of(sizes);

        Assert.Multiple(() =>
        {
            Assert.That(rows, Has.Count.LessThanOrEqualTo(atMost));
            Assert.That(rows.Select(row => string.Join(',', row)), Is.Unique);
            for (var a = 0; a < sizes.Length; a++)
            {
                Assert.That(rows.Select(row => row[a]).Distinct().Order(), Is.EqualTo(Enumerable.Range(0, sizes[a])));
                for (var b = a + 1; b < sizes.Length; b++)
                {
                    Assert.That(rows.Select(row => (row[a], row[b])).Distinct().Count(), Is.EqualTo(sizes[a] * sizes[b]), $"axes {a} and {b}");
                }
            }
        });
    }

    [Test]
    public void Load_CombinePairs_MakesFewerCellsWithThoseIds()
    {
        var text = TestCatalog.Good
            .Replace("volume:", "matrix:\n  a: [1KiB, 2KiB, 3KiB]\n  b: [x, y, z]\n  c: [p, q, r]\ncombine: pairs\nvolume:", StringComparison.Ordinal)
            .Replace("path: a.txt", "path: \"${b}${c}\"", StringComparison.Ordinal)
            .Replace("size: 1KiB", "size: ${a}", StringComparison.Ordinal);

        var scenario = TestCatalog.Load(text);

        Assert.That(scenario.Cells, Has.Count.EqualTo(11));
        Assert.That(scenario.Cells[0].Id, Is.EqualTo("area.good[a=1KiB,b=x,c=p]"));
    }
}
