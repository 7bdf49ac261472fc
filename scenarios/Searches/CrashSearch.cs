using Harness.Simulator.Scratch;

namespace Harness.Scenarios.Searches;

/// <summary>
/// Kills the engine after every operation of every backup, with all unflushed writes dropped, kept, and torn; once where there are none,
/// as the three are the same then.
/// </summary>
internal static class CrashSearch
{
    /// <summary>The state is compared with one that is rebuilt after one crash in so many: it costs two backups.</summary>
    private const int OneIn = 4;

    /// <summary>The crashes that a life of this history is put through, one life each.</summary>
    public static IEnumerable<(int Backup, long Operations, CrashLoss Loss)> CrashesOf(SearchHistory history, ulong seed)
    {
        var life = new SearchLife(history, seed);
        _ = life.Run();
        return from backup in Enumerable.Range(0, history.Backups)
               from operations in Enumerable.Range(1, (int)life.Operations[backup])
               from loss in Enum.GetValues<CrashLoss>()
               where loss == default || !life.Durable[backup].Contains(operations)
               select (backup, (long)operations, loss);
    }

    /// <summary>What does not hold after one crash.</summary>
    public static IEnumerable<SearchFinding> Try(
        SearchHistory history,
        ulong seed,
        (int Backup, long Operations, CrashLoss Loss) crash,
        KnownGood known,
        SearchCoverage? coverage = null) =>
        new SearchLife(history, seed)
        {
            Kill = (crash.Backup, crash.Operations),
            Loss = crash.Loss,
            Known = known,
            Coverage = coverage,
            ChecksState = crash.Operations % OneIn == 0,
        }.Run()
            .Select(problem => new SearchFinding(
                $"{history} seed {seed} killed in backup {crash.Backup} after {crash.Operations} operations, {crash.Loss}", problem));
}
