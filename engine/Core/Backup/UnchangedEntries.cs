using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.State;
using Harness.Engine.Tables;

namespace Harness.Engine.Backup;

/// <summary>
/// Says of a listed entry whether the state before has it just so and its content cannot have changed, without decoding the
/// record and without an allocation. Logical thread only.
/// </summary>
internal sealed class UnchangedEntries(SourceState previous, VolumeInfo volume, DateTimeOffset previousTakenAt)
{
    private readonly NearbyFinder _finder = new(previous.Tables);
    private readonly Timestamp _settledBefore = Timestamp.From(previousTakenAt - volume.ChangeTimeGranularity);
    private readonly byte[] _key = StateKeys.Of(RecordKey.Entries, 0);

    /// <summary>
    /// False also where it takes a closer look to tell. <see cref="ContentUnchanged"/> says why a change time can be trusted.
    /// </summary>
    public ValueTask<bool> HasAsync(EntryPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Skipped.Count > 0 || plan.Verdict.SetAside is not null || !IsSettled(plan))
        {
            return ValueTask.FromResult(false);
        }

        StateKeys.SetId(_key, plan.Entry.FileReference);
        return _finder.TryFind(_key, out var payload)
            ? ValueTask.FromResult(ListedEntry.IsSame(payload.Span, plan.Entry, plan.Verdict.Protection, plan.Protected))
            : FindAsync(plan, cancellationToken);
    }

    private async ValueTask<bool> FindAsync(EntryPlan plan, CancellationToken cancellationToken)
    {
        var payload = await _finder.FindAsync(_key, cancellationToken);
        return ListedEntry.IsSame(payload.Span, plan.Entry, plan.Verdict.Protection, plan.Protected);
    }

    private bool IsSettled(EntryPlan plan) => (plan.IsDirectory && plan.Protected.Count == 0)
        || (volume.HasReliableChangeTime && plan.Entry.Times.Changed is { } changed && changed < _settledBefore);
}
