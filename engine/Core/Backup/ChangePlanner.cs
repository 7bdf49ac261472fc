using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Rules;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// Decides whether a run can go by what the source says has changed, and if not, why everything has to be looked at. Logical
/// thread only.
/// </summary>
internal sealed class ChangePlanner(BackupRequest request, ISnapshot snapshot, Commit parent, StateStore store)
{
    private const string Consequence = "Every entry was listed to find what changed.";

    /// <summary>The plan, or null when there is none, and every cheaper way that was not open.</summary>
    public async ValueTask<(ChangePlan? Plan, IReadOnlyList<ReportNote> Fallbacks)> MakeAsync(CancellationToken cancellationToken)
    {
        if (WhyScan() is { } reason)
        {
            return (null, [reason]);
        }

        var tracker = snapshot.Changes!;
        var answer = await tracker.GetChangesAsync(parent.Document.Cursor!, cancellationToken);
        var notes = answer.Notes.Select(note => new ReportNote(note.Code, note.Message)).ToList();
        if (answer.Changes is not { } changes)
        {
            notes[^1] = notes[^1] with { Message = $"{notes[^1].Message} {Consequence}" };
            return (null, notes);
        }

        var known = changes.Select(change => change.FileReference).ToHashSet();
        var all = new List<EntryChange>(changes);
        await foreach (var (_, issue) in store.State.IssuesAsync(cancellationToken))
        {
            if (issue.FileReference == 0)
            {
                return (null, [.. notes, new ReportNote(
                    "issue-not-located", $"Something left out last time is known by its path only ('{issue.Name}'). {Consequence}")]);
            }

            // What failed is tried again although it did not change.
            if (issue.Failed && known.Add(issue.FileReference))
            {
                all.Add(new EntryChange(issue.FileReference, Streams: null));
            }
        }

        var whole = changes.Count(change => change.Streams is null || change.Streams.Any(stream => stream.IsWhole));
        if (whole > 0)
        {
            notes.Add(new ReportNote(
                "no-dirty-ranges", $"Of {whole} changed entries it is not known where they changed: they were read whole and compared."));
        }

        return (await ChangePlan.MakeAsync(tracker, all, store.State, request.Profile, cancellationToken), notes);
    }

    private ReportNote? WhyScan() => snapshot.Changes is null
            ? new ReportNote("no-change-journal", $"The source offers no change journal. {Consequence}")
        : request.ForceScan ? new ReportNote("scan-requested", $"A full scan was asked for. {Consequence}")
        : store.WasCutOff ? new ReportNote("previous-run-failed", $"The previous run did not end well. {Consequence}")
        : request.Profile.Preserve.HasFlag(PreserveModes.HardLinks)
            ? new ReportNote("hard-links-preserved", $"A change tells of a file and not of all its names. {Consequence}")
        : parent.Document.Profile != request.Profile.Id || parent.Document.Preserve != request.Profile.PreserveText
            ? new ReportNote("profile-changed", $"The last recovery point followed the rules of '{parent.Document.Profile}'{(parent.Document.Preserve is { } modes ? $" preserving {modes}" : "")}. {Consequence}")
        : parent.Document.Cursor is null
            ? new ReportNote("no-cursor", $"The last recovery point has no position in the change journal. {Consequence}")
        : null;
}
