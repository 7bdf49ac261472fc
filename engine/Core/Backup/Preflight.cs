using System.Globalization;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Rules;

namespace Harness.Engine.Backup;

/// <summary>
/// The checks before anything is read or sent. A refusal throws with its clause and what to do; a warning is added and the
/// job goes on.
/// </summary>
internal static class Preflight
{
    private const int WholeBasisPoints = 10_000;

    public static void CheckVolume(
        RuleProfile profile, VolumeInfo volume, string sourceName, bool allowCaseSensitive, List<ReportNote> warnings)
    {
        const string clause = "source.case-sensitive";
        if (volume.IsOffline || volume.IsLocked)
        {
            throw new BackupException(
                ErrorCode.SourceVolumeUnsupported,
                $"The volume of '{sourceName}' is {(volume.IsOffline ? "offline" : "locked")}.",
                "Bring it online and unlock it before the backup starts.");
        }

        if (!volume.IsCaseSensitive || !profile.HasClause(clause))
        {
            return;
        }

        var facts = $"The source '{sourceName}' lies on a case-sensitive file system ({volume.FileSystemName}; {volume.CaseEvidence}).";
        if (!allowCaseSensitive)
        {
            throw new BackupException(
                ErrorCode.SourceCaseSensitive,
                facts,
                "The rules do not support such a source. To try the engine on it all the same, add --allow-case-sensitive.",
                clause);
        }

        warnings.Add(new ReportNote("case-sensitive-allowed", facts + " Protected on explicit request.", clause));
    }

    public static void CheckSourceSize(RuleProfile profile, string sourceName, long sizeBytes)
    {
        const string clause = "limit.source-size";
        var limit = profile.Options.MaxSourceBytes;
        if (sizeBytes > limit)
        {
            throw new BackupException(
                ErrorCode.SourceTooLarge,
                $"The source '{sourceName}' has {Exact(sizeBytes)}, {Exact(sizeBytes - limit)} more than the "
                + $"{limit / profile.Options.GigabyteBytes:N0} GB ({Exact(limit)}) that one data source may have.",
                "Divide it into several data sources; the limit holds for each by itself.",
                clause);
        }
    }

    public static void CheckScratch(RuleProfile profile, ScratchInfo scratch, long sizeBytes, List<ReportNote> warnings)
    {
        var options = profile.Options;
        var available = Estimate.Sum(scratch.FreeBytes, scratch.UsedBytes);
        var minimum = Share(sizeBytes, options.ScratchMinimumBasisPoints);
        if (available < minimum)
        {
            throw new BackupException(
                ErrorCode.ScratchTooSmall,
                $"The scratch location {scratch.DisplayName} has {Exact(available)} available, {Percent(available, sizeBytes)} of the "
                + $"{Exact(sizeBytes)} to protect; at least {options.ScratchMinimumBasisPoints / 100m:0.##} % ({Exact(minimum)}) is needed.",
                $"Free {Exact(minimum - available)} on its volume, or give another location with --scratch.",
                "cache.minimum");
        }

        var recommended = Share(sizeBytes, options.ScratchRecommendedBasisPoints);
        if (available < recommended)
        {
            warnings.Add(new ReportNote(
                "scratch-below-recommended",
                $"The scratch location {scratch.DisplayName} has {Exact(available)} available, {Percent(available, sizeBytes)} of the "
                + $"{Exact(sizeBytes)} to protect; {options.ScratchRecommendedBasisPoints / 100m:0.##} % ({Exact(recommended)}) is recommended.",
                "cache.recommended"));
        }
    }

    /// <summary>The share of a size, rounded up to a whole byte.</summary>
    internal static long Share(long sizeBytes, int basisPoints) =>
        (sizeBytes / WholeBasisPoints * basisPoints)
        + (((sizeBytes % WholeBasisPoints * basisPoints) + WholeBasisPoints - 1) / WholeBasisPoints);

    private static string Exact(long bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture) + " bytes";

    private static string Percent(long part, long whole) =>
        whole == 0 ? "all" : ((decimal)part * 100 / whole).ToString("0.####", CultureInfo.InvariantCulture) + " %";
}
