using Harness.Engine.Format;
using Harness.Engine.Tables;

namespace Harness.Engine.Segments;

/// <summary>Goes through sorted places beside segments that are asked for in ascending order. One logical thread.</summary>
internal sealed class PlaceCursor(ITableCursor places)
{
    private readonly List<TableRecord> _found = [];
    private Hash256? _segment;
    private bool _isBegun;
    private bool _isAtPlace;

    /// <summary>The places of a segment, by pack; none is fine. The list is used again for the next segment.</summary>
    public async ValueTask<IReadOnlyList<TableRecord>> PlacesOfAsync(Hash256 segment, CancellationToken cancellationToken)
    {
        if (segment == _segment)
        {
            return _found;
        }

        _segment = segment;
        _found.Clear();
        if (!_isBegun)
        {
            (_isBegun, _isAtPlace) = (true, await places.NextAsync(cancellationToken));
        }

        for (; _isAtPlace && PlaceSorter.SegmentOf(places.Current) <= segment; _isAtPlace = await places.NextAsync(cancellationToken))
        {
            if (PlaceSorter.SegmentOf(places.Current) == segment)
            {
                _found.Add(places.Current);
            }
        }

        return _found;
    }
}
