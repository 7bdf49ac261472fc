using Harness.Engine.Format;
using Harness.Engine.Segments;

namespace Harness.Engine.Prune;

/// <summary>
/// Chooses one place for a segment that is needed, in packs that are there and stay: the others of a segment that lies in several
/// packs count as unused. Undamaged packs come first.
/// </summary>
internal sealed class PlaceChoice(VaultSurvey survey, IReadOnlySet<Hash256> leaving, IReadOnlySet<Hash256> damaged)
{
    /// <summary>The place of a segment among those that it has; null when none is there to stay.</summary>
    public SegmentLocation? Of(IReadOnlyList<SegmentLocation> places)
    {
        SegmentLocation? chosen = null;
        foreach (var place in places)
        {
            var hash = place.Pack.Hash;
            if (survey.Packs.ContainsKey(hash) && !leaving.Contains(hash)
                && (chosen is null || (damaged.Contains(chosen.Value.Pack.Hash) && !damaged.Contains(hash))))
            {
                chosen = place;
            }
        }

        return chosen;
    }
}
