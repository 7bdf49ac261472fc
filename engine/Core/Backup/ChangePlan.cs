using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Rules;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// What a run has to look at when the source tells what changed: the changed entries as they are now, and those that are gone.
/// Its size follows the changes and not the source.
/// </summary>
internal sealed class ChangePlan
{
    private readonly Dictionary<ulong, PlannedEntry> _entries = [];
    private readonly RunningTotals _totals = new();

    private ChangePlan()
    {
    }

    /// <summary>Entries by their path, so a directory comes before what is in it.</summary>
    public IReadOnlyList<PlannedEntry> Entries { get; private set; } = [];

    /// <summary>Trouble met in place of entries.</summary>
    public List<SourceReadException> Errors { get; } = [];

    /// <summary>References of everything looked at, and what became of it.</summary>
    public HashSet<ulong> References { get; } = [];

    /// <summary>The totals after these changes, over those before.</summary>
    public ProtectedTotals Totals(ProtectedTotals before) => _totals.Over(before);

    /// <summary>The directory that a reference stands for now, when it is among the changes; null when it is not.</summary>
    public PlannedEntry? Find(ulong fileReference) => _entries.GetValueOrDefault(fileReference);

    public static async ValueTask<ChangePlan> MakeAsync(
        IChangeTracker tracker,
        IEnumerable<EntryChange> changes,
        SourceState previous,
        RuleProfile profile,
        CancellationToken cancellationToken)
    {
        var plan = new ChangePlan();
        var entries = new List<PlannedEntry>();
        foreach (var change in changes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            plan.References.Add(change.FileReference);
            var before = await previous.FindEntryAsync(change.FileReference, cancellationToken);
            if (before is not null)
            {
                plan._totals.Remove(before);
            }

            foreach (var item in await tracker.FindAsync(change.FileReference, cancellationToken))
            {
                if (item.Error is { } error)
                {
                    plan.Errors.Add(error);
                    continue;
                }

                var entry = new PlannedEntry(EntryPlan.For(profile, item.Entry!), change, before);
                entries.Add(entry);
                if (!entry.Plan.IsSkipped)
                {
                    plan._entries[change.FileReference] = entry;
                    plan._totals.Add(entry.Plan);
                }
            }
        }

        plan.Entries = [.. entries.OrderBy(entry => entry.Plan.Entry.Path, StringComparer.Ordinal)];
        return plan;
    }
}

/// <summary>A changed entry as it is now.</summary>
/// <param name="Plan">What the rules say of it.</param>
/// <param name="Change">What is known to have changed.</param>
/// <param name="Previous">How it was, or null.</param>
internal sealed record PlannedEntry(EntryPlan Plan, EntryChange Change, EntryRecord? Previous)
{
    /// <summary>A directory that comes into the recovery point, so that all below it is looked at.</summary>
    public bool IsNewDirectory => Plan.IsDirectory && !Plan.IsSkipped && Previous?.Kind != EntryKind.Directory;
}
