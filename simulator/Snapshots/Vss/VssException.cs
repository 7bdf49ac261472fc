namespace Harness.Simulator.Snapshots.Vss;

/// <summary>The snapshot service refused or failed.</summary>
public sealed class VssException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="error">The documented result, also in <see cref="Exception.HResult"/>.</param>
    /// <param name="message">What happened.</param>
    public VssException(VssError error, string message)
        : base(message)
    {
        Error = error;
        HResult = (int)error;
    }

    /// <summary>The documented result.</summary>
    public VssError Error { get; }
}
