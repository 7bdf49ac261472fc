using Harness.Engine.Check;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Tables;
using Harness.Simulator.Kernel;
using NUnit.Framework;

namespace Harness.Tests.Engine.Check;

/// <summary>Names that two entries share are counted right, whatever is added and taken away in whatever order.</summary>
[Parallelizable]
public sealed class NameTwinsTests
{
    [Test]
    public async Task Count_AfterRandomChanges_IsThatOfAPlainCount([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        await using var scratch = new TemporaryScratch(null, new SeededRandomSource(1));
        using var twins = new NameTwins(scratch, new KeyRing(new byte[32], new byte[16]), new SeededRandomSource(2), "names");
        var there = new Dictionary<ulong, (ulong Parent, string Name)>();
        for (var round = 0; round < 60; round++)
        {
            foreach (var reference in Enumerable.Range(0, random.Next(12)).Select(_ => (ulong)random.Next(30)).Distinct().ToList())
            {
                if (there.Remove(reference, out var old))
                {
                    await twins.AddAsync(new EntryName(old.Parent, old.Name), reference, hasIt: false, default);
                }

                if (random.Next(3) > 0)
                {
                    (ulong Parent, string Name) name = ((ulong)random.Next(3), new[] { "a", "ab", "b", "a\0" }[random.Next(4)]);
                    there[reference] = name;
                    await twins.AddAsync(new EntryName(name.Parent, name.Name), reference, hasIt: true, default);
                }
            }

            await twins.ApplyAsync(default);

            Assert.That(twins.Count, Is.EqualTo(there.Values.GroupBy(name => name).Count(group => group.Count() > 1)), $"round {round}");
        }
    }
}
