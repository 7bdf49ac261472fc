using System.Buffers.Binary;
using Harness.Engine.Crypto;
using Harness.Engine.Tables;
using Harness.Simulator.Kernel;
using Harness.Simulator.Scratch;

namespace Harness.Tests.Engine.Tables;

/// <summary>Writes and reads tables in a simulated scratch location.</summary>
internal sealed class TableRig
{
    public SimScratch Scratch { get; } = new(1L << 40);

    public KeyRing Keys { get; } = new(new byte[32], new byte[16]);

    public SeededRandomSource Random { get; } = new(1);

    public TableCache Cache { get; set; } = new(1 << 20);

    public static byte[] Key(long value)
    {
        var key = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(key, value);
        return key;
    }

    public async Task<Table> WriteAsync(string name, IEnumerable<(byte[] Key, byte[]? Payload)> records)
    {
        using var writer = await TableWriter.CreateAsync(Scratch, name, Keys, Random, CancellationToken.None);
        foreach (var (key, payload) in records)
        {
            await writer.AddAsync(
                payload is null ? TableRecord.Deleted(key) : TableRecord.Put(key, payload), CancellationToken.None);
        }

        await writer.FinishAsync(CancellationToken.None);
        return await OpenAsync(name);
    }

    public async Task<Table> OpenAsync(string name) =>
        await Table.OpenAsync(Scratch, Cache, name, Keys, CancellationToken.None);

    public static async Task<List<(byte[] Key, byte[]? Payload)>> ReadAsync(ITableCursor cursor)
    {
        var records = new List<(byte[], byte[]?)>();
        while (await cursor.NextAsync(CancellationToken.None))
        {
            records.Add((cursor.Current.Key.ToArray(), cursor.Current.IsDeleted ? null : cursor.Current.Payload.ToArray()));
        }

        return records;
    }
}
