using Harness.Simulator.Content;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
public sealed class DirectoryTreeTests
{
    // Orders in which names really come: rising, falling, numbered without zeros, anyhow, and runs of each.
    [TestCase(1UL)]
    [TestCase(2UL)]
    [TestCase(3UL)]
    public void Tree_UnderAnyOrderOfChanges_HoldsWhatASortedSetHolds(ulong seed)
    {
        var names = new NameStore();
        var random = new SeededSequence(seed);
        var tree = new DirectoryTree(names, fold: true, epoch: 0);
        var expected = new SortedDictionary<string, uint>(StringComparer.Ordinal);
        var kept = new List<(DirectoryTree Tree, string[] Names)>();
        long epoch = 0;
        for (uint run = 0; run < 400; run++)
        {
            if (random.Permille(100))
            {
                kept.Add((tree, [.. expected.Keys]));
                tree = tree.ForChange(++epoch);
            }

            var order = random.Below(5);
            var start = random.Below(100_000);
            for (var i = 0; i < 40; i++)
            {
                var name = order switch
                {
                    0 => $"N{start + i:d6}",
                    1 => $"N{start + 100 - i:d6}",
                    2 => $"FILE{start + i}",
                    _ => $"N{random.Below(100_000):d6}",
                };
                if (order == 4 && expected.Count > 0)
                {
                    name = expected.Keys.ElementAt(random.Below(expected.Count));
                    tree.Remove(name);
                    expected.Remove(name);
                }
                else if (tree.Find(name) is null)
                {
                    Assert.That(expected.ContainsKey(name), Is.False);
                    tree.Add(name.ToLowerInvariant(), new DirectoryItem(run, names.Add(name.ToLowerInvariant())));
                    expected.Add(name, run);
                }
                else
                {
                    Assert.That(tree.Find(name)!.Value.File, Is.EqualTo(expected[name]), $"seed {seed}");
                }
            }

            Assert.That(tree.Count, Is.EqualTo(expected.Count));
        }

        Assert.That(NamesOf(tree, names), Is.EqualTo(expected.Keys));
        Assert.That(kept.All(old => NamesOf(old.Tree, names).SequenceEqual(old.Names)), Is.True, "what was kept has not changed");
    }

    private static IEnumerable<string> NamesOf(DirectoryTree tree, NameStore names)
    {
        var items = new List<DirectoryItem>();
        tree.CopyTo(items);
        return items.Select(item => names.Get(item.NameRef).ToUpperInvariant());
    }
}
