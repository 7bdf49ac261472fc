using Harness.Engine.Rules;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>What a clause leads to, in a few words, from the profile's own table and options.</summary>
internal static class ClauseVerdict
{
    /// <summary>Such as "skipped (hard-link)", "protected, incremental" or "refused under 10 %".</summary>
    public static string Of(RuleProfile profile, Clause clause)
    {
        var rows = profile.FileTypes.Where(r => r.Verdict.Clause.Id == clause.Id).Select(r => r.Verdict).Distinct().ToList();
        return rows.Count > 0 ? string.Join("; ", rows.Select(Of)) : OfOption(profile, clause.Id);
    }

    /// <summary>The words for one verdict.</summary>
    public static string Of(Verdict verdict) => verdict.Protection switch
    {
        Protection.Incremental => "protected, incremental",
        Protection.FullOnly => "protected, whole file on each change",
        _ => $"skipped ({verdict.Reason})",
    };

    private static string OfOption(RuleProfile profile, string id)
    {
        var options = profile.Options;
        return id switch
        {
            "source.case-sensitive" => "source refused",
            "cache.minimum" => $"refused under {Percent(options.ScratchMinimumBasisPoints)}",
            "cache.recommended" => $"warning under {Percent(options.ScratchRecommendedBasisPoints)}",
            "limit.source-size" => $"source refused above {options.MaxSourceBytes / options.GigabyteBytes:N0} GB",
            "passphrase.length" => $"refused under {options.PassphraseMinimumCharacters} characters",
            "passphrase.ascii" => "refused otherwise",
            "option.gigabyte" => $"1 GB = {options.GigabyteBytes:N0} bytes",
            "option.size-measure" => $"{options.SizeMeasure.ToString().ToLowerInvariant()} size",
            "option.hard-link-names" => "every name skipped",
            "limit.vault-size" => "no limit",
            "flow.changed-blocks" => "changed pages of 4 KiB only",
            _ => "(no verdict)",
        };
    }

    private static string Percent(int basisPoints) => $"{basisPoints / 100.0:0.##} %";
}
