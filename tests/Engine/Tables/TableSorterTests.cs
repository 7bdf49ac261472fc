using Harness.Engine.Tables;
using Harness.Simulator.Content;
using NUnit.Framework;

namespace Harness.Tests.Engine.Tables;

[Parallelizable]
public sealed class TableSorterTests
{
    [TestCase(1 << 12)]
    [TestCase(1 << 16)]
    [TestCase(1 << 24)]
    public async Task Sorter_WithAnyMemory_GivesTheLastOfEachKeyAscending(int limitBytes)
    {
        var rig = new TableRig();
        var random = new SeededSequence(3);
        var expected = new SortedDictionary<long, byte[]?>();
        using var sorter = new TableSorter(rig.Scratch, rig.Keys, rig.Random, "sort-", limitBytes);
        for (var i = 0; i < 5_000; i++)
        {
            var key = random.Below(2_000);
            byte[]? payload = random.Below(5) == 0 ? null : BitConverter.GetBytes(i);
            expected[key] = payload;
            await sorter.AddAsync(TableRig.Key(key), payload, CancellationToken.None);
        }

        Assert.That(
            await TableRig.ReadAsync(sorter.Sorted()), Is.EqualTo(expected.Select(e => (TableRig.Key(e.Key), e.Value))));
        Assert.That(sorter.Spills > 0, Is.EqualTo(limitBytes < 1 << 20));
        await sorter.DeleteSpillsAsync(CancellationToken.None);
        Assert.That(await rig.Scratch.ListAsync(CancellationToken.None), Is.Empty);
    }
}
