using Harness.Engine.Errors;

namespace Harness.Engine.Retention;

/// <summary>How many recovery points a data source may have.</summary>
public static class RecoveryPointLimit
{
    /// <summary>9,999 for each protected instance ("FAQ about the Azure Backup service", 2019-07-07 and 2026-01-07).</summary>
    public const int Most = 9999;

    /// <summary>
    /// Throws RecoveryPointLimitReached when a source that has <paramref name="count"/> recovery points has no room for one more.
    /// Forgotten ones do not count. The documents name a limit and no removal of the oldest, so the next is refused.
    /// </summary>
    public static void RequireRoom(string sourceName, long count, int most = Most)
    {
        if (count >= most)
        {
            throw new BackupException(
                ErrorCode.RecoveryPointLimitReached,
                $"The data source '{sourceName}' has {count:N0} recovery points, and {most:N0} is the most.",
                "Forget some of them with 'forget', by a retention policy or one by one.",
                "limit.recovery-points");
        }
    }
}
