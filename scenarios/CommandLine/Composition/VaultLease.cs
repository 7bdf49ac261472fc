using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Scenarios.Azurite;
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
        var running = name.IsAzurite
            ? await RunningAzurite.FindAsync(AzuriteSettings.FromEnvironment(Environment.GetEnvironmentVariable), cancellationToken)
            : null;
        if (!name.OutlivesCommand && running is null)
        {
            await TellOfTheEndAsync(name, use, terminal);
        }

        var opener = CreateOpener(terminal);
        try
        {
            if (running is not null)
            {
                opener.AdoptAzurite(running);
            }

            return new(opener, await opener.OpenAsync(name.Text, cancellationToken));
        }
        catch
        {
            await opener.DisposeAsync();
            throw;
        }
    }

    private static async Task TellOfTheEndAsync(VaultName name, VaultUse use, Terminal terminal)
    {
        var howToKeep = name.IsAzurite
            ? "run 'harness azurite' in another terminal and give the same name again"
            : "run 'harness azurite' in another terminal and use --vault azurite";
        if (use == VaultUse.Existing)
        {
            throw new BackupException(
                ErrorCode.VaultEmpty,
                $"The vault '{name}' starts empty with each command, so it holds no recovery point.",
                $"To keep one, {howToKeep}; or use dir:PATH.");
        }

        await terminal.Error.WriteLineAsync(
            $"warning: the vault '{name}' ends with this command, and its recovery point with it. To keep them, {howToKeep}; "
            + "or use dir:PATH.");
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
