using Harness.Engine.Crypto;
using Harness.Engine.Ports;
using Harness.Engine.Tables;

namespace Harness.Engine.Segments;

/// <summary>Writes one segment table with its filter. Memory: the filter. One logical thread.</summary>
internal static class SegmentTableWriter
{
    /// <summary>Bytes of a piece of the filter in one record.</summary>
    public const int FilterPieceBytes = 8 << 10;

    /// <summary>Writes a table. It is worth nothing but time, so it is not made durable: a torn one is noticed and made anew.</summary>
    /// <param name="scratch">Where to.</param>
    /// <param name="name">Name of the file.</param>
    /// <param name="keys">Seals it.</param>
    /// <param name="random">Makes its salt.</param>
    /// <param name="records">Records, ascending; filters of other tables among them are left out.</param>
    /// <param name="segments">Segments among them, or a few more.</param>
    /// <param name="cancellationToken">Ends it between two blocks.</param>
    public static async ValueTask WriteAsync(
        IScratch scratch,
        string name,
        KeyRing keys,
        IRandomSource random,
        ITableCursor records,
        long segments,
        CancellationToken cancellationToken)
    {
        using var writer = await TableWriter.CreateAsync(scratch, name, keys, random, cancellationToken);
        var filter = new byte[SegmentFilter.BytesOf(segments)];
        while (await records.NextAsync(cancellationToken) && records.Current.Key.Span[0] != SegmentKeys.Filter)
        {
            Note(records.Current.Key.Span, filter);
            await writer.AddAsync(records.Current, cancellationToken);
        }

        for (var at = 0; at < filter.Length; at += FilterPieceBytes)
        {
            var piece = filter.AsMemory(at, Math.Min(FilterPieceBytes, filter.Length - at));
            await writer.AddAsync(TableRecord.Put(SegmentKeys.OfFilter(at / FilterPieceBytes), piece), cancellationToken);
        }

        await writer.FinishAsync(cancellationToken, durable: false);
    }

    private static void Note(ReadOnlySpan<byte> key, byte[] filter)
    {
        if (key[0] == SegmentKeys.Places)
        {
            SegmentFilter.Add(filter, SegmentKeys.Hash(key));
        }
    }
}
