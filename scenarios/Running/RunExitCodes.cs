namespace Harness.Scenarios.Running;

/// <summary>Exit codes of a run (they follow Microsoft.Testing.Platform where it has one).</summary>
public static class RunExitCodes
{
    /// <summary>Everything came out as expected.</summary>
    public const int Ok = 0;

    /// <summary>Something came out otherwise.</summary>
    public const int Unexpected = 2;

    /// <summary>The run was cancelled.</summary>
    public const int Cancelled = 3;

    /// <summary>The options or documents are not usable.</summary>
    public const int BadInput = 5;

    /// <summary>The selection is empty.</summary>
    public const int NothingSelected = 8;

    /// <summary>The run ended early after too many failures.</summary>
    public const int MaxFailures = 13;
}
