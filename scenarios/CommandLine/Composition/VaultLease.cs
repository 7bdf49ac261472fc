using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Vaults;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>The vault of one command. Disposing closes it, and stops an Azurite that was started for it.</summary>
internal sealed class VaultLease : IAsyncDisposable
{
    private readonly VaultOpener _opener;
    private readonly OpenedVault _opened;

    private VaultLease(VaultOpener opener, OpenedVault opened)
    {
        _opener = opener;
        _opened = opened;
    }

    /// <summary>The vault.</summary>
    public IVault Vault => _opened.Vault;

    /// <summary>Opens by name; warns or refuses where the vault ends with the command.</summary>
    public static async Task<VaultLease> OpenAsync(
        VaultName name, VaultUse use, Terminal terminal, CancellationToken cancellationToken)
    {
        if (!name.OutlivesCommand && use == VaultUse.Existing)
        {
            throw new BackupException(
                ErrorCode.VaultEmpty,
                $"The vault '{name}' starts empty with each command, so it holds no recovery point.",
                "Keep one running with 'harness azurite' and use the URL that it prints, or use dir:PATH.");
        }

        if (!name.OutlivesCommand)
        {
            await terminal.Error.WriteLineAsync(
                $"warning: the vault '{name}' ends with this command, and its recovery point with it. To keep them, run "
                + "'harness azurite' in another terminal and use the URL that it prints, or use dir:PATH.");
        }

        var opener = CreateOpener(terminal);
        try
        {
            return new(opener, await opener.OpenAsync(name.Text, cancellationToken));
        }
        catch
        {
            await opener.DisposeAsync();
            throw;
        }
    }

    /// <summary>An opener that reads the real environment and tells of long waits on standard error.</summary>
    public static VaultOpener CreateOpener(Terminal terminal) =>
        new(Environment.GetEnvironmentVariable, terminal.Error.WriteLine);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _opened.DisposeAsync();
        await _opener.DisposeAsync();
    }
}
