using Harness.Simulator.Vaults;

namespace Harness.Simulator.Processes;

/// <summary>The vault as a service: its blobs, and the conditions that hold for every process until somebody heals them.</summary>
/// <param name="store">The blobs.</param>
public sealed class SimVaultService(MemoryVaultStore store)
{
    /// <summary>The blobs.</summary>
    public MemoryVaultStore Store => store;

    /// <summary>Every call is denied: credentials expired or were revoked.</summary>
    public bool IsDenied { get; set; }

    /// <summary>No creation finds room.</summary>
    public bool IsFull { get; set; }

    /// <summary>A real service that must do the same; null where there is none.</summary>
    public IVaultTwin? Twin { get; set; }

    /// <summary>Ends every condition.</summary>
    public void Heal() => (IsDenied, IsFull) = (false, false);
}
