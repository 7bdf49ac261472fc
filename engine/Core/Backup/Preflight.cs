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
        if (profile.Options.RefusedVolumes.FirstOrDefault(row => row.Fits(volume)) is { } refused)
        {
            throw new BackupException(
                ErrorCode.SourceVolumeUnsupported,
                $"The volume of '{sourceName}' {Describe(refused.When, volume)}.",
                Remedy(refused.When),
                refused.Clause);
        }

        const string clause = "source.case-sensitive";
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

    public static void CheckSourceSize(
        RuleProfile profile,
        string sourceName,
        long sizeBytes,
        ProtectedSystem system = ProtectedSystem.WindowsServer2012,
        Workload workload = Workload.Volume)
    {
        if (profile.Options.LimitOf(system, workload) is { MaxBytes: { } limit } row && sizeBytes > limit)
        {
            throw new BackupException(
                ErrorCode.SourceTooLarge,
                $"The source '{sourceName}' has {Exact(sizeBytes)}, {Exact(sizeBytes - limit)} more than the "
                + $"{(decimal)limit / profile.Options.GigabyteBytes:N0} GB ({Exact(limit)}) that one data source may have.",
                "Divide it into several data sources; the limit holds for each by itself.",
                row.Clause);
        }
    }

    public static void CheckScratch(RuleProfile profile, ScratchInfo scratch, long sizeBytes, List<ReportNote> warnings)
    {
        var options = profile.Options;
        var available = Estimate.Sum(scratch.FreeBytes, scratch.UsedBytes);
        var minimum = Math.Max(Share(sizeBytes, options.ScratchMinimumBasisPoints), options.ScratchMinimumBytes);
        if (available < minimum)
        {
            throw new BackupException(
                ErrorCode.ScratchTooSmall,
                $"The scratch location {scratch.DisplayName} has {Exact(available)} available, {Percent(available, sizeBytes)} of the "
                + $"{Exact(sizeBytes)} to protect; at least {Amount(options.ScratchMinimumBasisPoints, minimum)} is needed.",
                $"Free {Exact(minimum - available)} on its volume, or give another location with --scratch.",
                "cache.minimum");
        }

        var recommended = Math.Max(Share(sizeBytes, options.ScratchRecommendedBasisPoints), options.ScratchRecommendedBytes);
        if (available < recommended)
        {
            warnings.Add(new ReportNote(
                "scratch-below-recommended",
                $"The scratch location {scratch.DisplayName} has {Exact(available)} available, {Percent(available, sizeBytes)} of the "
                + $"{Exact(sizeBytes)} to protect; {Amount(options.ScratchRecommendedBasisPoints, recommended)} is recommended.",
                "cache.recommended"));
        }
    }

    /// <summary>The share of a size, rounded up to a whole byte.</summary>
    internal static long Share(long sizeBytes, int basisPoints) =>
        (sizeBytes / WholeBasisPoints * basisPoints)
        + (((sizeBytes % WholeBasisPoints * basisPoints) + WholeBasisPoints - 1) / WholeBasisPoints);

    private static string Amount(int basisPoints, long bytes) =>
        basisPoints == 0 ? Exact(bytes) : $"{basisPoints / 100m:0.##} % ({Exact(bytes)})";

    private static string Describe(VolumeState state, VolumeInfo volume) => state switch
    {
        VolumeState.Offline => "is offline",
        VolumeState.Locked => "is locked",
        VolumeState.Removable => "lies on removable media",
        VolumeState.Network => "is a network share",
        VolumeState.ReadOnly => "is read-only, so that no snapshot can be taken of it",
        _ => $"has the file system {volume.FileSystemName}, and only NTFS is supported",
    };

    private static string Remedy(VolumeState state) => state switch
    {
        VolumeState.Offline or VolumeState.Locked => "Bring it online and unlock it before the backup starts.",
        VolumeState.ReadOnly => "Make it writable, or copy its data to a volume that is.",
        _ => "Move the data to a fixed local volume with NTFS, or protect the source on the machine that has it.",
    };

    private static string Exact(long bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture) + " bytes";

    private static string Percent(long part, long whole) =>
        whole == 0 ? "all" : ((decimal)part * 100 / whole).ToString("0.####", CultureInfo.InvariantCulture) + " %";
}
