using Harness.Engine.Format;
using Harness.Engine.Segments;

namespace Harness.Engine.Prune;

/// <summary>
/// One place for every segment that is needed, in packs that are there and stay: the others of a segment that lies in several
/// packs count as unused. Undamaged packs come first. Immutable.
/// </summary>
internal sealed class PlaceChoice
{
    private readonly Dictionary<Hash256, SegmentLocation> _places = [];

    public PlaceChoice(VaultSurvey survey, IReadOnlySet<Hash256> leaving, IReadOnlySet<Hash256> damaged)
    {
        var packs = survey.Indexed.Values
            .Where(pack => survey.Packs.ContainsKey(pack.Hash) && !leaving.Contains(pack.Hash))
            .OrderBy(pack => damaged.Contains(pack.Hash))
            .ThenBy(pack => pack.Hash);
        foreach (var pack in packs)
        {
            foreach (var segment in pack.Segments.Where(segment => survey.Live.Contains(segment.Id)))
            {
                _places.TryAdd(segment.Id, new SegmentLocation(pack, segment));
            }
        }

        IsComplete = _places.Count == survey.Live.Count;
    }

    /// <summary>Whether every needed segment has a place.</summary>
    public bool IsComplete { get; }

    public SegmentLocation? Of(Hash256 id) => _places.TryGetValue(id, out var place) ? place : null;
}
