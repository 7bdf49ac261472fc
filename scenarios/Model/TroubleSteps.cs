namespace Harness.Scenarios.Model;

/// <summary>From now on the vault refuses every call, until it is healed.</summary>
public sealed record VaultFaultStep
{
    /// <summary>How it refuses.</summary>
    public required VaultFaultKind Kind { get; init; }
}

/// <summary>How a vault refuses.</summary>
public enum VaultFaultKind
{
    /// <summary>Credentials that are wrong, expired, or of another vault.</summary>
    AccessDenied,

    /// <summary>No connection.</summary>
    Unreachable,

    /// <summary>It takes no more data.</summary>
    Full,
}

/// <summary>The scratch location gives back other bytes than were written to it.</summary>
public sealed record DamageScratchStep
{
    /// <summary>How long.</summary>
    public required ScratchDamage Kind { get; init; }
}

/// <summary>How long a scratch location spoils what it gives back.</summary>
public enum ScratchDamage
{
    /// <summary>What is there now; what is written anew is sound.</summary>
    Once,

    /// <summary>Whatever is written, until it is healed.</summary>
    Always,
}

/// <summary>Time passes.</summary>
public sealed record WaitStep
{
    /// <summary>Hours, beyond the one that lies between two steps.</summary>
    public required int Hours { get; init; }
}
