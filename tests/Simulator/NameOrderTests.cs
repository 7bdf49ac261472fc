using System.Text;
using Harness.Simulator.Content;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
public sealed class NameOrderTests
{
    private const ulong Seed = 20_181;

    private static readonly string[] Parts =
        ["a", "A", "z", "Z", "0", "9", "_", "@", "[", "`", "{", "~", " ", ".", "É", "é", "ß", "ı", "\uD83D\uDE00", "\uD800", "\uFFFD", "file", "FILE0000"];

    [TestCase(true)]
    [TestCase(false)]
    public void Compare_OfAnyTwoNames_IsTheOrderOfTheFoldedUnits(bool fold)
    {
        var random = new SeededSequence(Seed);
        var store = new NameStore();
        for (var i = 0; i < 20_000; i++)
        {
            var name = Name(random);
            var key = random.Permille(300) ? Swapped(name, random) : Name(random);
            var folded = key.ToCharArray();
            if (fold)
            {
                NameStore.Fold(key, folded);
            }

            var reference = store.Add(name);
            var expected = string.CompareOrdinal(fold ? Folded(name) : name, new string(folded));

            Assert.That(Math.Sign(store.Compare(reference, folded, fold)), Is.EqualTo(Math.Sign(expected)), $"'{name}' '{key}' seed {Seed}");
            Assert.That(store.Get(reference), Is.EqualTo(name));
            Assert.That(store.IsExactly(reference, key), Is.EqualTo(name == key));
        }
    }

    // Chunks of the store end in the midst of what eight units would read.
    [Test]
    public void Add_OfNamesOfEveryLength_KeepsThemApart()
    {
        var store = new NameStore();
        var names = new Dictionary<uint, string>();
        var random = new SeededSequence(Seed);
        while (store.UsedBytes < 3 << 20)
        {
            var name = new string((char)('a' + random.Below(26)), 1 + random.Below(WindowsNames.MaxUnits));
            names.Add(store.Add(name), name);
        }

        Assert.That(names.All(pair => store.Get(pair.Key) == pair.Value), Is.True);
    }

    private static string Name(SeededSequence random)
    {
        var text = new StringBuilder();
        for (var parts = 1 + random.Below(12); parts > 0; parts--)
        {
            text.Append(random.Permille(800) ? Parts[random.Below(14)] : random.Pick(Parts));
        }

        return text.ToString();
    }

    private static string Swapped(string name, SeededSequence random)
    {
        var units = name.ToCharArray();
        var at = random.Below(units.Length);
        units[at] = char.IsAsciiLetter(units[at]) ? (char)(units[at] ^ 32) : units[at];
        return new string(units);
    }

    private static string Folded(string name) => string.Concat(name.Select(char.ToUpperInvariant));
}
