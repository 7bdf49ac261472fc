using Harness.Engine.Retention;
using Harness.Engine.Rules;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>What a clause leads to, in a few words, from the profile's own table and options.</summary>
internal static class ClauseVerdict
{
    /// <summary>Such as "skipped (hard-link)", "protected, incremental" or "refused under 10 %".</summary>
    public static string Of(RuleProfile profile, Clause clause)
    {
        var rows = profile.FileTypes.Where(r => r.Verdict.Clause.Id == clause.Id).Select(r => r.Verdict).Distinct().ToList();
        return rows.Count > 0 ? string.Join("; ", rows.Select(Of)) : OfOption(profile, clause);
    }

    /// <summary>The words for one verdict.</summary>
    public static string Of(Verdict verdict) => verdict.Protection switch
    {
        Protection.Incremental => "protected, incremental",
        Protection.FullOnly => "protected, whole file on each change",
        _ => $"skipped ({verdict.Reason})",
    };

    private static string OfOption(RuleProfile profile, Clause clause)
    {
        var id = clause.Id;
        var options = profile.Options;
        return id switch
        {
            _ when options.RefusedVolumes.Any(row => row.Clause == id) => "source refused",
            "source.case-sensitive" => "source refused",
            "cache.minimum" when Scratch(options.ScratchMinimumBasisPoints, options.ScratchMinimumBytes, options) is { } least =>
                $"refused under {least}",
            "cache.recommended" when Scratch(options.ScratchRecommendedBasisPoints, options.ScratchRecommendedBytes, options) is { } wanted =>
                $"warning under {wanted}",
            "limit.source-size" => Limit(options, ProtectedSystem.WindowsServer2012),
            "limit.source-size-older-systems" => Limit(options, ProtectedSystem.WindowsServer2008),
            "schedule.backups-per-day" when options.MaxBackupsPerDay is { } backups => $"refused after {backups} scheduled backups of a day",
            "limit.recovery-points" => options.MaxRecoveryPoints is { } points ? $"refused above {points:N0}" : "no limit",
            "credentials.lifetime" => options.CredentialsHours is { } hours ? $"good for {hours} hours" : "nothing is said",
            "retention.daily" => Range(options.Retention.Daily),
            "retention.weekly" => Range(options.Retention.Weekly),
            "retention.monthly" => Range(options.Retention.Monthly),
            "retention.yearly" => Range(options.Retention.Yearly),
            "passphrase.length" => $"refused under {options.PassphraseMinimumCharacters} characters",
            "passphrase.ascii" => "refused otherwise",
            "option.gigabyte" => $"1 GB = {options.GigabyteBytes:N0} bytes",
            "option.size-measure" => $"{options.SizeMeasure.ToString().ToLowerInvariant()} size",
            "option.hard-link-names" => "every name skipped",
            "limit.vault-size" => "no limit",
            "flow.changed-blocks" => "changed pages of 4 KiB only",
            _ => clause.Verdict ?? "(no verdict)",
        };
    }

    private static string Limit(ProfileOptions options, ProtectedSystem system) =>
        options.LimitOf(system, Workload.Volume) is { MaxBytes: { } most }
            ? $"source refused above {(decimal)most / options.GigabyteBytes:#,0.##} GB"
            : "not limited";

    private static string Range(RetentionRange range) => $"{range.Least:N0} to {range.Most:N0} {range.Unit}, refused otherwise";

    private static string? Scratch(int basisPoints, long bytes, ProfileOptions options) =>
        basisPoints > 0 ? Percent(basisPoints) : bytes > 0 ? $"{(decimal)bytes / options.GigabyteBytes:0.##} GB" : null;

    private static string Percent(int basisPoints) => $"{basisPoints / 100.0:0.##} %";
}
