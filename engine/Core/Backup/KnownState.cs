using Harness.Engine.Errors;
using Harness.Engine.Repositories;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>What the scratch location knows of a source once a run has made its recovery point. Logical thread only.</summary>
internal static class KnownState
{
    /// <summary>Makes the scratch location know a commit; a warning where it cannot, for the recovery point is made.</summary>
    public static async ValueTask KeepAsync(
        StateStore store, PendingState pending, Commit commit, List<ReportNote> warnings, CancellationToken cancellationToken)
    {
        try
        {
            await store.ApplyAsync(pending, cancellationToken);
            await pending.Sorter.DeleteSpillsAsync(cancellationToken);
            await store.SaveAsync(commit, cancellationToken);
        }
        catch (BackupException error)
        {
            warnings.Add(new ReportNote(
                "scratch-not-saved",
                $"The recovery point is complete, but the scratch location could not be brought up to date: {error.Message}"));
        }
    }
}
