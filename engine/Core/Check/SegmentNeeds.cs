using System.Buffers.Binary;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Tables;

namespace Harness.Engine.Check;

/// <summary>A part of a segment that recovery points need.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Source">Number of the source in this check.</param>
/// <param name="Since">The recovery point that the record came with.</param>
/// <param name="Until">The recovery point in which another took its place.</param>
/// <param name="End">First byte of the segment that is not needed.</param>
/// <param name="File">File reference of the entry that needs it.</param>
internal readonly record struct SegmentNeed(Hash256 Segment, int Source, long Since, long Until, uint End, ulong File);

/// <summary>
/// What recovery points need of which segment, sorted through a temporary scratch location, to be laid beside what there is. One
/// logical thread.
/// </summary>
internal sealed class SegmentNeeds(IScratch scratch, KeyRing keys, IRandomSource random) : IDisposable
{
    private const long SorterBytes = 16 << 20;
    private const int KeyBytes = Hash256.Size + (2 * sizeof(int)) + (3 * sizeof(long));

    private readonly TableSorter _needs = new(scratch, keys, random, "needs-", SorterBytes);

    public ValueTask AddAsync(SegmentNeed need, CancellationToken cancellationToken)
    {
        var key = new byte[KeyBytes];
        need.Segment.CopyTo(key);
        var rest = key.AsSpan(Hash256.Size);
        BinaryPrimitives.WriteInt32BigEndian(rest, need.Source);
        BinaryPrimitives.WriteInt64BigEndian(rest[4..], need.Since);
        BinaryPrimitives.WriteInt64BigEndian(rest[12..], need.Until);
        BinaryPrimitives.WriteUInt32BigEndian(rest[20..], need.End);
        BinaryPrimitives.WriteUInt64BigEndian(rest[24..], need.File);
        return _needs.AddAsync(key, [], cancellationToken);
    }

    /// <summary>Every need with the places of its segment, ascending by segment.</summary>
    public async IAsyncEnumerable<(SegmentNeed Need, IReadOnlyList<TableRecord> Places)> BesideAsync(
        CheckedPacks packs, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var places = packs.Sorted();
        for (var cursor = _needs.Sorted(); await cursor.NextAsync(cancellationToken);)
        {
            var need = Decode(cursor.Current.Key.Span);
            yield return (need, await places.PlacesOfAsync(need.Segment, cancellationToken));
        }
    }

    public void Dispose() => _needs.Dispose();

    private static SegmentNeed Decode(ReadOnlySpan<byte> key)
    {
        var rest = key[Hash256.Size..];
        return new SegmentNeed(
            new Hash256(key[..Hash256.Size]),
            BinaryPrimitives.ReadInt32BigEndian(rest),
            BinaryPrimitives.ReadInt64BigEndian(rest[4..]),
            BinaryPrimitives.ReadInt64BigEndian(rest[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(rest[20..]),
            BinaryPrimitives.ReadUInt64BigEndian(rest[24..]));
    }
}
