using Harness.Engine.Tables;
using Harness.Simulator.Content;
using Harness.Simulator.Kernel;
using Harness.Simulator.Scratch;
using Harness.Tests.Fuzz;
using NUnit.Framework;

namespace Harness.Tests.Engine.Tables;

[Parallelizable]
public sealed class TableTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(100)]
    [TestCase(100_000)]
    public async Task Table_ScannedAndSearched_HoldsWhatWasWritten(int records)
    {
        var rig = new TableRig();
        var written = Enumerable.Range(0, records)
            .Select(i => (TableRig.Key(i * 3L), i % 7 == 0 ? null : new byte[i % 50])).ToList();

        using var table = await rig.WriteAsync("table", written);

        Assert.That(table.Records, Is.EqualTo(records));
        Assert.That(await TableRig.ReadAsync(table.Scan(default)), Is.EqualTo(written));
        for (var i = 0; i < records; i += Math.Max(1, records / 97))
        {
            var found = (await table.FindAsync(TableRig.Key(i * 3L), CancellationToken.None))!.Value;
            Assert.That(found.IsDeleted, Is.EqualTo(written[i].Item2 is null));
            Assert.That(found.Payload.ToArray(), Is.EqualTo(written[i].Item2 ?? []));
            Assert.That(await table.FindAsync(TableRig.Key((i * 3L) + 1), CancellationToken.None), Is.Null);
        }
    }

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(2, 1)]
    [TestCase(29_999, 10_000)]
    [TestCase(long.MaxValue, 10_000)]
    public async Task Scan_FromAKey_BeginsThere(long from, int skipped)
    {
        var rig = new TableRig();
        var written = Enumerable.Range(0, 10_000).Select(i => (TableRig.Key(i * 3L), (byte[]?)[1])).ToList();
        using var table = await rig.WriteAsync("table", written);

        Assert.That(await TableRig.ReadAsync(table.Scan(TableRig.Key(from))), Is.EqualTo(written.Skip(skipped)));
    }

    [Test]
    public async Task Write_KeysLongerThanABlock_MakesATableOfFewLevels()
    {
        var scratch = new SimScratch(1L << 40);
        using var writer = await TableWriter.CreateAsync(scratch, "long", FuzzKeys.Ring, new SeededRandomSource(1), default);
        var keys = Enumerable.Range(0, 300).Select(i => (byte[])[(byte)(i >> 8), (byte)(i & 0xFF), .. new byte[TableFormat.BlockBytes]]).ToList();
        foreach (var key in keys)
        {
            await writer.AddAsync(TableRecord.Put(key, new byte[] { 1 }), default);
        }

        await writer.FinishAsync(default);

        using var table = await Table.OpenAsync(scratch, new TableCache(1 << 20), "long", FuzzKeys.Ring, default);
        Assert.That(table.Root.Level, Is.LessThanOrEqualTo(3));
        Assert.That(await table.FindAsync(keys[299], default), Is.Not.Null);
        Assert.That(await table.FindAsync(keys[0], default), Is.Not.Null);
    }

    [Test]
    public async Task Read_LastRecordsFillBlocksOfEveryLevel_GivesEachRecord()
    {
        var rig = new TableRig();
        foreach (var count in new[] { 1, 2, 3, 36, 37, 38, 39, 40, 41, 42, 43, 44, 80, 81, 82, 83, 84 })
        {
            var records = Enumerable.Range(0, count)
                .Select(i => (Key: (byte[])[.. TableRig.Key(i), .. new byte[400]], Payload: (byte[]?)new byte[TableFormat.BlockBytes]))
                .ToList();
            using var table = await rig.WriteAsync($"t{count}", records);

            Assert.That(await TableRig.ReadAsync(table.Scan(default)), Has.Count.EqualTo(count));
            Assert.That((await table.FindAsync(records[^1].Key, CancellationToken.None))?.Payload.Length, Is.EqualTo(TableFormat.BlockBytes));
        }
    }

    [Test]
    public async Task Find_InAMillionRecords_ReadsThreeBlocks()
    {
        var rig = new TableRig();
        using var table = await rig.WriteAsync(
            "table", Enumerable.Range(0, 1_000_000).Select(i => (TableRig.Key(i), (byte[]?)new byte[100])));
        rig.Cache = new TableCache(1 << 20);
        using var fresh = await rig.OpenAsync("table");

        _ = await fresh.FindAsync(TableRig.Key(654_321), CancellationToken.None);

        Assert.That(rig.Cache.Misses, Is.EqualTo(3));
    }

    [Test]
    public async Task Record_LongerThanABlock_IsKept()
    {
        var rig = new TableRig();
        var big = new byte[5 << 20];
        big[^1] = 7;
        var written = new (byte[] Key, byte[]? Payload)[] { (TableRig.Key(1), [1]), (TableRig.Key(2), big), (TableRig.Key(3), [3]) };

        using var table = await rig.WriteAsync("table", written);

        Assert.That(await TableRig.ReadAsync(table.Scan(default)), Is.EqualTo(written));
    }

    [Test]
    public async Task Table_WithAnyByteFlippedOrCut_IsDamagedAndNeverWrong()
    {
        var rig = new TableRig();
        var written = Enumerable.Range(0, 300).Select(i => (TableRig.Key(i), (byte[]?)new byte[60])).ToList();
        using var table = await rig.WriteAsync("table", written);
        var bytes = new byte[table.LengthBytes];
        _ = await rig.Scratch.ReadAsync("table", 0, bytes, CancellationToken.None);
        var random = new SeededSequence(5);

        foreach (var at in Enumerable.Range(0, 56).Concat(Enumerable.Range(0, 200).Select(_ => random.Below(bytes.Length))))
        {
            var flipped = (byte[])bytes.Clone();
            flipped[at] ^= (byte)(1 << random.Below(8));
            await Replace(rig, flipped);
            Assert.That(() => ReadAll(rig), Throws.TypeOf<TableDamagedException>(), $"byte {at}");
        }

        foreach (var length in new[] { 0, 1, 55, 56, bytes.Length - 1 })
        {
            await Replace(rig, bytes[..length]);
            Assert.That(() => ReadAll(rig), Throws.TypeOf<TableDamagedException>(), $"cut to {length}");
        }

        async Task ReadAll(TableRig of)
        {
            of.Cache = new TableCache(1 << 20);
            using var read = await of.OpenAsync("table");
            Assert.That(await TableRig.ReadAsync(read.Scan(default)), Is.EqualTo(written));
        }
    }

    [Test]
    public async Task Set_OfLayers_SaysWhatTheNewestSays()
    {
        var rig = new TableRig();
        var random = new SeededSequence(11);
        var expected = new SortedDictionary<long, byte[]>();
        var tables = new List<Table>();
        for (var layer = 0; layer < 6; layer++)
        {
            var changes = new SortedDictionary<long, byte[]?>();
            for (var i = 0; i < 2_000 >> layer; i++)
            {
                changes[random.Below(3_000)] = random.Below(4) == 0 ? null : BitConverter.GetBytes((layer << 16) + i);
            }

            tables.Insert(0, await rig.WriteAsync($"table-{layer}", changes.Select(c => (TableRig.Key(c.Key), c.Value))));
            foreach (var (key, payload) in changes)
            {
                if (payload is null)
                {
                    expected.Remove(key);
                }
                else
                {
                    expected[key] = payload;
                }
            }
        }

        using var set = new TableSet(tables);

        Assert.That(
            await TableRig.ReadAsync(set.Scan(default)), Is.EqualTo(expected.Select(e => (TableRig.Key(e.Key), e.Value))));
        for (long key = 0; key < 3_000; key++)
        {
            var found = await set.FindAsync(TableRig.Key(key), CancellationToken.None);
            Assert.That(found?.ToArray(), Is.EqualTo(expected.GetValueOrDefault(key)));
        }
    }

    private static async Task Replace(TableRig rig, byte[] content)
    {
        await rig.Scratch.DeleteAsync("table", CancellationToken.None);
        await rig.Scratch.AppendAsync("table", content, CancellationToken.None);
    }
}
