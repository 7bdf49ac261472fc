using Harness.Engine.Ports;

namespace Harness.Scenarios.Vaults;

/// <summary>An open vault and the spec that it came from. Disposing closes the vault; the opener keeps what it shares.</summary>
/// <param name="Spec">What the user wrote, without any credential.</param>
/// <param name="Vault">The vault.</param>
public sealed record OpenedVault(string Spec, IVault Vault) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Vault.DisposeAsync();
}
