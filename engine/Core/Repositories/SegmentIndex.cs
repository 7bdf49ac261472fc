using Harness.Engine.Format;

namespace Harness.Engine.Repositories;

/// <summary>Where a segment lies: its pack and its place there.</summary>
internal readonly record struct SegmentLocation(IndexedPack Pack, SegmentRecord Record);

/// <summary>
/// All segments of a vault by id. Filled before use and then only read by workers; <see cref="Add"/> belongs to the run's
/// logical thread while no worker looks.
/// </summary>
internal sealed class SegmentIndex
{
    private readonly Dictionary<Hash256, SegmentLocation> _segments = [];

    public int Count => _segments.Count;

    public void Add(IndexedPack pack)
    {
        foreach (var segment in pack.Segments)
        {
            _segments[segment.Id] = new SegmentLocation(pack, segment);
        }
    }

    public bool Contains(Hash256 id) => _segments.ContainsKey(id);

    public SegmentLocation? Find(Hash256 id) => _segments.TryGetValue(id, out var location) ? location : null;
}
