using Harness.Engine.Ports;
using Harness.Engine.Rules;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// What one pass over the listing finds: the estimate, and beside a state before, which entries are just as that has them and
/// which have to be looked at. Nothing is written. Logical thread only.
/// </summary>
internal sealed class SourceSurvey(RuleProfile profile, UnchangedEntries? unchanged)
{
    /// <summary>Beyond that many the source is listed again rather than held in memory.</summary>
    private const int MostRest = 8_192;

    private readonly ReferenceSet _placed = new();
    private List<SourceItem>? _rest = [];

    /// <summary>Sizes and verdicts of all.</summary>
    public Estimate Estimate { get; } = new();

    /// <summary>Entries that the state before has just so, and whose directory is protected too.</summary>
    public SameEntries Same { get; private set; } = new();

    /// <summary>All others in the order of the listing; null when they are too many, or when there is nothing to compare with.</summary>
    public IReadOnlyList<SourceItem>? Rest => unchanged is null ? null : _rest;

    public async ValueTask RunAsync(SnapshotListing listing, CancellationToken cancellationToken)
    {
        while (await listing.NextAsync())
        {
            var item = listing.Current;
            if (item.Error is { } error)
            {
                Estimate.Add(error, profile);
                Keep(item);
                continue;
            }

            var plan = listing.Plan!;
            Estimate.Add(plan);
            if (_rest is null || unchanged is null)
            {
                continue;
            }

            if (IsPlaced(plan) && await unchanged.HasAsync(plan, cancellationToken))
            {
                Same.Add(plan);
            }
            else
            {
                Keep(item);
            }
        }

        if (Rest is null)
        {
            Same = new SameEntries();
        }
    }

    /// <summary>Whether the entry will have its place in a protected directory; what has none is told by the pass that reads.</summary>
    private bool IsPlaced(EntryPlan plan)
    {
        var isPlaced = !plan.IsSkipped && Places.WhyNone(plan.Entry, _placed.Contains(plan.Entry.ParentReference)) is null;
        if (isPlaced && plan.IsDirectory)
        {
            _placed.Add(plan.Entry.FileReference);
        }

        return isPlaced;
    }

    private void Keep(SourceItem item)
    {
        _rest = _rest is { Count: < MostRest } ? _rest : null;
        _rest?.Add(item);
    }
}
