using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Rules;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// What a run leaves out and why, for the report and for the recovery point, and which issues of the state before still stand.
/// Logical thread only.
/// </summary>
internal sealed class RunFindings(StateChanges changes, RuleProfile profile)
{
    /// <summary>Clauses that a preserve mode set aside, and for how many names.</summary>
    public Dictionary<Clause, long> SetAside { get; } = [];

    private readonly HashSet<ulong> _standing = [];
    private readonly List<SkippedItem> _skipped = [];
    private readonly List<FailedItem> _failed = [];

    public List<SkippedItem> Skipped => _skipped;

    public List<FailedItem> Failed => _failed;

    /// <summary>Paths of what is sent whole on each change.</summary>
    public List<string> FullOnly { get; } = [];

    public List<string> ChangedWhileRead { get; } = [];

    /// <summary>Whether this run has met an issue of the state before again.</summary>
    public bool Stands(RecordKey issue) => _standing.Contains(issue.Id);

    /// <summary>Reports an issue of the state before that nothing has touched.</summary>
    public void AddStanding(IssueRecord issue, string path)
    {
        if (issue.Failed)
        {
            _failed.Add(new FailedItem(path, issue.Reason, issue.Message, issue.Clause));
        }
        else
        {
            _skipped.Add(new SkippedItem(path, issue.Reason, issue.Clause, issue.Status));
        }
    }

    public ValueTask AddSkippedAsync(EntryPlan plan) => AddSkippedAsync(plan.Entry, "", plan.Verdict);

    /// <summary>Notes what the rules skip in a directory that is not protected; it is kept with the path from the root.</summary>
    public async ValueTask AddSkippedAsync(EntryPlan plan, ulong root)
    {
        var item = EntryPlan.ToItem(plan.Entry.Path, plan.Verdict);
        _skipped.Add(item);
        await PutAsync(new IssueRecord(Failed: false, root, item.Path, FileReference: 0, item.Reason, item.Clause, item.Status, ""));
    }

    /// <summary>Notes what the rules skip: an entry, or one named stream of it.</summary>
    public async ValueTask AddSkippedAsync(SourceEntry entry, string streamName, Verdict verdict)
    {
        var suffix = streamName.Length == 0 ? "" : ":" + streamName;
        var item = EntryPlan.ToItem(entry.Path + suffix, verdict);
        _skipped.Add(item);
        await PutAsync(new IssueRecord(
            Failed: false, entry.ParentReference, entry.Name + suffix, entry.FileReference, item.Reason, item.Clause, item.Status, ""));
    }

    /// <summary>Notes trouble with an entry or one of its streams.</summary>
    public async ValueTask AddFailedAsync(SourceReadException error, SourceEntry entry, Clause clause)
    {
        var name = error.Path.StartsWith(entry.Path, StringComparison.Ordinal) ? entry.Name + error.Path[entry.Path.Length..] : entry.Name;
        var item = Failures.ToItem(error, clause);
        _failed.Add(item);
        await PutAsync(new IssueRecord(
            Failed: true, entry.ParentReference, name, entry.FileReference, item.Reason, item.Clause, "", item.Message));
    }

    /// <summary>Notes trouble at a path where no entry is known; it is kept with the path from the root.</summary>
    public async ValueTask AddFailedAsync(SourceReadException error, ulong root, Clause? clause = null)
    {
        var item = Failures.ToItem(error, clause ?? profile.GetClause(Failures.OrdinaryClause));
        _failed.Add(item);
        await PutAsync(new IssueRecord(
            Failed: true, root, item.Path, FileReference: 0, item.Reason, item.Clause, "", item.Message));
    }

    private async ValueTask PutAsync(IssueRecord issue) => _standing.Add((await changes.PutIssueAsync(issue)).Id);
}
