namespace Harness.Perf;

/// <summary>What the process answers; the numbers are those of the main command line.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>A counter differs from the baseline, or a measured run did not do what it should have.</summary>
    public const int Unexpected = 2;

    /// <summary>Bad arguments or input.</summary>
    public const int BadInput = 5;
}
