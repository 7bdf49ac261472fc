using Harness.Engine.Ports;
using Harness.Simulator.Faults;
using Harness.Simulator.Vaults;

namespace Harness.Simulator.Processes;

/// <summary>
/// A real service that gets every call of a simulated vault too, gone wrong in the same way: what comes of it must be the same. It shows
/// that the model behaves as the service does, and that a finding is none of the model's. One thread, which waits for the service.
/// </summary>
public interface IVaultTwin
{
    /// <summary>Makes a call on the service.</summary>
    /// <param name="operation">One of <see cref="FaultCatalog.Kinds"/>.</param>
    /// <param name="key">What the call is about.</param>
    /// <param name="fault">How it goes wrong there; null is not at all.</param>
    /// <param name="call">The call, and what came of it in words.</param>
    /// <returns>What came of it; of a failed call the name of its error code.</returns>
    string Call(string operation, string key, FaultKind? fault, Func<IVault, ValueTask<string>> call);

    /// <summary>Where what is stored differs, a sentence each.</summary>
    IReadOnlyList<string> Differences(MemoryVaultStore model);
}
