using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Engine.Retention;

namespace Harness.Engine.Backup;

/// <summary>What the vault says of a source, held against what this machine has seen, before anything is sent. Logical thread only.</summary>
/// <param name="log">The commits.</param>
/// <param name="sourceName">Name of the source, for messages.</param>
/// <param name="sourceId">Its id.</param>
/// <param name="sequences">Numbers of its commits, ascending.</param>
internal sealed class SeenHistory(CommitLog log, string sourceName, string sourceId, IReadOnlyList<long> sequences)
{
    /// <summary>VaultRolledBack when the vault ends before the commit that this machine remembers.</summary>
    public void RequireNotRolledBack(long? remembered)
    {
        var latest = sequences.Count == 0 ? 0 : sequences[^1];
        if (remembered > latest)
        {
            throw RolledBack($"The vault's latest recovery point of '{sourceName}' is {latest}, but this machine has seen {remembered}.");
        }
    }

    /// <summary>
    /// What this machine committed or read under a number stays under it: another commit there is a vault brought back to an
    /// older state and written on, and what was protected since would be taken for protected.
    /// </summary>
    public async ValueTask RequireSameAsync((long Sequence, Hash256 CommitHash)? seen, CancellationToken cancellationToken)
    {
        if (seen is { } known && sequences.Contains(known.Sequence)
            && (await log.ReadAsync(sourceId, known.Sequence, cancellationToken)).Hash != known.CommitHash)
        {
            throw RolledBack($"Recovery point {known.Sequence} of '{sourceName}' is another one than this machine has seen.");
        }
    }

    /// <summary>
    /// RecoveryPointLimitReached when the source has as many as the rules allow, BackupsPerDayExceeded when a schedule asks for one
    /// more than they allow on a day; markers are listed only where their number decides.
    /// </summary>
    public async ValueTask RequireRoomAsync(
        BackupRequest request, TimeProvider clock, DeletedLog markers, CancellationToken cancellationToken)
    {
        if (request.Profile.Options.MaxRecoveryPoints is { } most && sequences.Count >= most)
        {
            var forgotten = await markers.ListAsync(sourceId, cancellationToken);
            RecoveryPointLimit.RequireRoom(sourceName, sequences.Count(sequence => !forgotten.IsForgotten(sequence)), most);
        }

        if (request.IsScheduled && request.Profile.Options.MaxBackupsPerDay is { } perDay)
        {
            await RequireBackupOfDayAsync(perDay, clock.GetUtcNow().UtcDateTime.Date, cancellationToken);
        }
    }

    /// <summary>Every recovery point of the day (of UTC) counts, since none tells whether a schedule made it.</summary>
    private async ValueTask RequireBackupOfDayAsync(int most, DateTime day, CancellationToken cancellationToken)
    {
        if (sequences.Count >= most
            && (await log.ReadAsync(sourceId, sequences[^most], cancellationToken)).Document.TakenAt.UtcDateTime.Date == day)
        {
            throw new BackupException(
                ErrorCode.BackupsPerDayExceeded,
                $"The data source '{sourceName}' has {most} recovery points of {day:yyyy-MM-dd} (UTC), the most that may be scheduled for a day.",
                "Schedule fewer, or run one more without --scheduled.",
                "schedule.backups-per-day");
        }
    }

    private static BackupException RolledBack(string message) => new(
        ErrorCode.VaultRolledBack,
        message,
        "Somebody restored or emptied the vault. If that was meant, give another --scratch location and run again.");
}
