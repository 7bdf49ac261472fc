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
    /// <summary>Largest data source in bytes, inclusive (clause <c>limit.source-size</c>).</summary>
    public required long MaxSourceBytes { get; init; }

    /// <summary>Bytes in one GB of the documents: 2^30 or 10^9 (clause <c>option.gigabyte</c>).</summary>
    public required long GigabyteBytes { get; init; }

    /// <summary>How the size of a source is taken (clause <c>option.size-measure</c>).</summary>
    public required SizeMeasure SizeMeasure { get; init; }

    /// <summary>Least free scratch space in hundredths of a percent of the protected size: 1000 is 10 % (clause <c>cache.minimum</c>).</summary>
    public required int ScratchMinimumBasisPoints { get; init; }

    /// <summary>Scratch space under which a warning is given, in the same unit (clause <c>cache.recommended</c>).</summary>
    public required int ScratchRecommendedBasisPoints { get; init; }

    /// <summary>Shortest passphrase in characters (clause <c>passphrase.length</c>).</summary>
    public required int PassphraseMinimumCharacters { get; init; }
}
