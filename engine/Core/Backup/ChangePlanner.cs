using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// Decides whether a run can go by what the source says has changed, and if not, why everything has to be looked at. Logical
/// thread only.
/// </summary>
internal sealed class ChangePlanner(BackupRequest request, ISnapshot snapshot, Commit parent, StateStore store)
{
    /// <summary>The plan, or why there is none; both when changed files are known, but not where they changed.</summary>
    public async ValueTask<(ChangePlan? Plan, ReportNote? Fallback)> MakeAsync(CancellationToken cancellationToken)
    {
        if (WhyScan() is { } reason)
        {
            return (null, reason);
        }

        var tracker = snapshot.Changes!;
        var answer = await tracker.GetChangesAsync(parent.Document.Cursor!, cancellationToken);
        if (answer.Changes is not { } changes)
        {
            return (null, new ReportNote(answer.RefusalCode!, answer.RefusalMessage! + " Every entry was listed to find what changed."));
        }

        var known = changes.Select(change => change.FileReference).ToHashSet();
        var all = new List<EntryChange>(changes);
        await foreach (var (_, issue) in store.State.IssuesAsync(cancellationToken))
        {
            if (!issue.Failed)
            {
                continue;
            }

            if (issue.FileReference == 0)
            {
                return (null, new ReportNote(
                    "failure-not-located",
                    "Something that could not be read last time is known by its path only: every entry was listed to find it."));
            }

            // What failed is tried again although it did not change.
            if (known.Add(issue.FileReference))
            {
                all.Add(new EntryChange(issue.FileReference, Streams: null));
            }
        }

        var plan = await ChangePlan.MakeAsync(tracker, all, store.State, request.Profile, cancellationToken);
        return (plan, changes.Any(change => change.Streams is null)
            ? new ReportNote(
                "no-dirty-ranges",
                "The source tells which files changed, but not where: those were read whole and compared.")
            : null);
    }

    private ReportNote? WhyScan()
    {
        const string consequence = "Every entry was listed to find what changed.";
        return snapshot.Changes is null
                ? new ReportNote("no-change-journal", "The source offers no change journal: every entry was listed to find what changed.")
            : request.ForceScan ? new ReportNote("scan-requested", $"A full scan was asked for. {consequence}")
            : store.WasCutOff ? new ReportNote("previous-run-failed", $"The previous run did not end well. {consequence}")
            : parent.Document.Profile != request.Profile.Id
                ? new ReportNote("profile-changed", $"The last recovery point followed the rules of '{parent.Document.Profile}'. {consequence}")
            : parent.Document.Cursor is null
                ? new ReportNote("no-cursor", $"The last recovery point has no position in the change journal. {consequence}")
            : null;
    }
}
