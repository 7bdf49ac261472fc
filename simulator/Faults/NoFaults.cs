namespace Harness.Simulator.Faults;

/// <summary>Nothing goes wrong.</summary>
public sealed class NoFaults : IFaultSource
{
    /// <summary>The one there need be.</summary>
    public static NoFaults Instance { get; } = new();

    /// <inheritdoc/>
    public FaultKind? Next(string operation, string key) => null;
}
