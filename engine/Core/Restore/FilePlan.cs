using System.Collections;
using System.Runtime.CompilerServices;
using Harness.Engine.Format;
using Harness.Engine.State;

namespace Harness.Engine.Restore;

/// <summary>A stretch of a stream as a restore writes it.</summary>
/// <param name="Extent">The stretch; within one range when it may be reused.</param>
/// <param name="IsReused">Whether the target held these bytes when the file was planned.</param>
internal readonly record struct RestorePiece(Extent Extent, bool IsReused);

/// <summary>What a restore will do for one file, decided before its segments are fetched.</summary>
/// <param name="Item">The file.</param>
/// <param name="Entry">Its record.</param>
/// <param name="Reused">By stream, in the order of the record: the ranges that the target holds already; null for none.</param>
/// <param name="IsFetched">Whether segments are fetched for it; false when it looks as if it will be skipped.</param>
internal sealed record FilePlan(RestoreItem Item, EntryRecord Entry, IReadOnlyList<BitArray?>? Reused, bool IsFetched)
{
    /// <summary>The pieces of one stream, ascending. Whoever plans and whoever writes go through the same.</summary>
    public async IAsyncEnumerable<RestorePiece> PiecesAsync(
        SourceState state, int stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var extents = state.ExtentsAsync(Entry, Entry.Streams[stream], cancellationToken);
        if (Reused?[stream] is not { } reused)
        {
            await foreach (var extent in extents)
            {
                yield return new RestorePiece(extent, IsReused: false);
            }

            yield break;
        }

        await foreach (var extent in extents)
        {
            for (var offset = extent.Offset; offset < extent.End;)
            {
                var range = offset / FormatLimits.RangeBytes;
                var end = Math.Min(extent.End, (range + 1) * FormatLimits.RangeBytes);
                yield return new RestorePiece(extent.Clip(offset, end), reused[(int)range]);
                offset = end;
            }
        }
    }
}
