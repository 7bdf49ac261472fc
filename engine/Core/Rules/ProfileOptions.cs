using Harness.Engine.Retention;

namespace Harness.Engine.Rules;

/// <summary>How the size of a source is taken where the documents are silent.</summary>
public enum SizeMeasure
{
    /// <summary>The sum of logical sizes.</summary>
    Logical,

    /// <summary>The sum of allocated sizes.</summary>
    Allocated,
}

/// <summary>Limits and choices of a profile, each decided by the clause named beside it.</summary>
public sealed record ProfileOptions
{
    /// <summary>Bytes in one GB of the documents: 2^30 or 10^9 (clause <c>option.gigabyte</c>).</summary>
    public required long GigabyteBytes { get; init; }

    /// <summary>How the size of a source is taken (clause <c>option.size-measure</c>).</summary>
    public required SizeMeasure SizeMeasure { get; init; }

    /// <summary>Largest data sources; the first row that fits decides, and none is no limit.</summary>
    public required IReadOnlyList<SourceLimit> SourceLimits { get; init; }

    /// <summary>Volumes that are refused.</summary>
    public required IReadOnlyList<RefusedVolume> RefusedVolumes { get; init; }

    /// <summary>Least free scratch space in hundredths of a percent of the protected size: 1000 is 10 % (clause <c>cache.minimum</c>).</summary>
    public required int ScratchMinimumBasisPoints { get; init; }

    /// <summary>Least free scratch space in bytes, whatever the protected size; 0 is none (clause <c>cache.minimum</c>).</summary>
    public required long ScratchMinimumBytes { get; init; }

    /// <summary>Scratch space under which a warning is given, in basis points; 0 is no recommendation (clause <c>cache.recommended</c>).</summary>
    public required int ScratchRecommendedBasisPoints { get; init; }

    /// <summary>The same in bytes, whatever the protected size; 0 is none (clause <c>cache.recommended</c>).</summary>
    public required long ScratchRecommendedBytes { get; init; }

    /// <summary>Shortest passphrase in characters (clause <c>passphrase.length</c>).</summary>
    public required int PassphraseMinimumCharacters { get; init; }

    /// <summary>Most scheduled backups of a data source a day; null is no limit (clause <c>schedule.backups-per-day</c>).</summary>
    public required int? MaxBackupsPerDay { get; init; }

    /// <summary>Most recovery points of a data source; null is no limit (clause <c>limit.recovery-points</c>).</summary>
    public required int? MaxRecoveryPoints { get; init; }

    /// <summary>Hours for which vault credentials are good; null where nothing says so (clause <c>credentials.lifetime</c>).</summary>
    public required int? CredentialsHours { get; init; }

    /// <summary>Ranges of retention settings (clauses <c>retention.*</c>).</summary>
    public required RetentionRanges Retention { get; init; }

    /// <summary>The row that limits a data source, or null.</summary>
    public SourceLimit? LimitOf(ProtectedSystem system, Workload workload) =>
        SourceLimits.FirstOrDefault(row => row.Fits(system, workload));
}
