using Harness.Engine.Tables;
using Harness.Simulator.Kernel;
using Harness.Simulator.Scratch;
using NUnit.Framework;

namespace Harness.Tests.Engine.Tables;

/// <summary>A job without a scratch location keeps little in memory and leaves nothing behind.</summary>
[Parallelizable]
public sealed class TemporaryScratchTests
{
    private const int Limit = 64 << 10;

    [Test]
    public async Task Append_BeyondTheLimit_MovesFilesOutAndReadsThemBack([Values] bool hasOverflow)
    {
        var overflow = new SimScratch(1L << 40);
        await using var scratch = new TemporaryScratch(hasOverflow ? overflow : null, new SeededRandomSource(1), Limit);
        var random = new Random(3);
        var expected = new Dictionary<string, List<byte>>();
        for (var i = 0; i < 400; i++)
        {
            var name = $"f{random.Next(5)}";
            var piece = new byte[random.Next(3_000)];
            random.NextBytes(piece);
            await scratch.AppendAsync(name, piece, default);
            expected.TryAdd(name, []);
            expected[name].AddRange(piece);
            Assert.That(scratch.MemoryBytes, hasOverflow ? Is.LessThanOrEqualTo(Limit) : Is.EqualTo(expected.Values.Sum(f => f.Count)));
        }

        await scratch.RenameAsync("f0", "g", default);
        expected["g"] = expected["f0"];
        expected.Remove("f0");
        Assert.That(await scratch.ListAsync(default), Is.EqualTo(expected.Keys.Order(StringComparer.Ordinal)));
        foreach (var (name, content) in expected)
        {
            var (from, length) = (content.Count / 3, content.Count / 2);
            var buffer = new byte[length];
            Assert.That(await scratch.GetLengthAsync(name, default), Is.EqualTo(content.Count));
            Assert.That(await scratch.ReadAsync(name, from, buffer, default), Is.EqualTo(length));
            Assert.That(buffer, Is.EqualTo(content.Skip(from).Take(length)));
            Assert.That(await scratch.ReadAsync(name, content.Count - 1, buffer, default), Is.EqualTo(1));
        }

        Assert.That(overflow.UsedBytes, hasOverflow ? Is.Positive : Is.Zero);
        await scratch.DisposeAsync();
        Assert.That(overflow.UsedBytes, Is.Zero);
    }
}
