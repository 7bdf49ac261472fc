namespace Harness.Simulator.Volume;

/// <summary>Quotas of a volume when it is made ("Managing Disk Quotas", Win32 docs).</summary>
public sealed record QuotaSettings
{
    /// <summary>Whether a limit refuses what goes beyond; otherwise use is only counted.</summary>
    public bool IsEnforced { get; init; } = true;

    /// <summary>Limits of an owner who has none of their own.</summary>
    public QuotaLimits Default { get; init; }

    /// <summary>Limits by SID.</summary>
    public IReadOnlyDictionary<string, QuotaLimits> Owners { get; init; } = new Dictionary<string, QuotaLimits>();
}

/// <summary>What one owner may use.</summary>
/// <param name="LimitBytes">Most bytes; null is no limit.</param>
/// <param name="ThresholdBytes">Bytes above which a warning is due; null is none.</param>
public readonly record struct QuotaLimits(long? LimitBytes, long? ThresholdBytes = null);

/// <summary>One owner in the quota listing of a volume (FILE_QUOTA_INFORMATION, MS-FSCC 2.4.41).</summary>
/// <param name="OwnerSid">Who.</param>
/// <param name="UsedBytes">What is charged.</param>
/// <param name="Limits">What is allowed.</param>
public sealed record QuotaEntry(string OwnerSid, long UsedBytes, QuotaLimits Limits)
{
    /// <summary>Whether the use is above the threshold.</summary>
    public bool IsOverThreshold => UsedBytes > (Limits.ThresholdBytes ?? long.MaxValue);

    /// <summary>Whether the use is above the limit, as it can be where limits only count, or were lowered.</summary>
    public bool IsOverLimit => UsedBytes > (Limits.LimitBytes ?? long.MaxValue);
}
