using System.CommandLine;
using Harness.Engine.Crypto;
using Harness.Engine.Ports;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>The vault that the options of a command name, which must hold something, and the passphrase to it.</summary>
internal sealed class ExistingVault : IAsyncDisposable
{
    private readonly VaultLease _lease;

    private ExistingVault(VaultLease lease, Passphrase passphrase)
    {
        _lease = lease;
        Passphrase = passphrase;
    }

    /// <summary>The vault.</summary>
    public IVault Vault => _lease.Vault;

    /// <summary>Opens it.</summary>
    public Passphrase Passphrase { get; }

    /// <summary>Reads the passphrase, which a person may be asked for, and opens the vault.</summary>
    public static async Task<ExistingVault> OpenAsync(ParseResult parse, Terminal terminal, CancellationToken cancellationToken)
    {
        var name = new VaultName(parse.GetRequiredValue(SharedOptions.Vault));
        var passphrase = await PassphraseReader.ReadAsync(
            parse.GetValue(SharedOptions.PassphraseFile), terminal, cancellationToken);
        return new(await VaultLease.OpenAsync(name, VaultUse.Existing, terminal, cancellationToken), passphrase);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lease.DisposeAsync();
}
