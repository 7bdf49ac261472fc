using Harness.Engine.Format;

namespace Harness.Engine.Repositories;

/// <summary>Where a segment lies: its pack and its place there.</summary>
internal readonly record struct SegmentLocation(IndexedPack Pack, SegmentRecord Record);

/// <summary>
/// All segments of a vault by id. Filled before use and then only read by workers; <see cref="Add"/> belongs to the run's
/// logical thread while no worker looks. Packs that a prune has condemned or a repair found damaged are still read from, but
/// no writer may rely on them.
/// </summary>
internal sealed class SegmentIndex(IReadOnlySet<Hash256>? unusablePacks = null)
{
    private readonly bool _allUsable = unusablePacks is null or { Count: 0 };

    private readonly Dictionary<Hash256, SegmentLocation> _segments = [];
    private readonly Dictionary<Hash256, List<SegmentLocation>> _copies = [];

    public int Count => _segments.Count;

    public void Add(IndexedPack pack)
    {
        foreach (var segment in pack.Segments)
        {
            var location = new SegmentLocation(pack, segment);
            if (_segments.TryAdd(segment.Id, location))
            {
                continue;
            }

            if (!_copies.TryGetValue(segment.Id, out var copies))
            {
                _copies[segment.Id] = copies = [];
            }

            copies.Add(location);
        }
    }

    /// <summary>Whether a writer may rely on a segment: one that lies in unusable packs alone is as if not there.</summary>
    public bool Contains(Hash256 id) => _segments.TryGetValue(id, out var first)
        && (_allUsable || !unusablePacks!.Contains(first.Pack.Hash)
            || CopiesOf(id).Any(copy => !unusablePacks.Contains(copy.Pack.Hash)));

    /// <summary>Every place of a segment.</summary>
    public IEnumerable<SegmentLocation> PlacesOf(Hash256 id) => Find(id) is { } first ? CopiesOf(id).Prepend(first) : [];

    /// <summary>Further places of a segment, for when the first turns out to be damaged; mostly none.</summary>
    public IReadOnlyList<SegmentLocation> CopiesOf(Hash256 id) => _copies.TryGetValue(id, out var copies) ? copies : [];

    public SegmentLocation? Find(Hash256 id) => _segments.TryGetValue(id, out var location) ? location : null;
}
