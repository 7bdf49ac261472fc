using Harness.Engine.Azure;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Scenarios.Azurite;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Searches.Wire;
using Harness.Scenarios.Vaults;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>A real blob server beside a simulation, for one command. Disposing stops an Azurite that was started for it.</summary>
internal sealed class TwinLease : IAsyncDisposable
{
    private readonly IAsyncDisposable _owner;

    private TwinLease(IAsyncDisposable owner, HttpTwin twin) => (_owner, Twin) = (owner, twin);

    /// <summary>The twin, in a container without anything in it.</summary>
    public HttpTwin Twin { get; }

    /// <summary>Opens by name; ArgumentInvalid for a vault that is not reached over HTTP, or that holds something.</summary>
    public static async Task<TwinLease> OpenAsync(VaultName name, Terminal terminal, CancellationToken cancellationToken)
    {
        if (!name.IsHttp)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid, $"The vault '{name}' is not reached over HTTP.", "Give azurite, azurite:CONTAINER or a URL.");
        }

        var owners = new List<VaultOpener>();
        var owner = new Owner(owners);
        try
        {
            return new TwinLease(owner, await HttpTwin.OpenAsync(options => OpenAsync(name, owners, terminal, options, cancellationToken)));
        }
        catch
        {
            await owner.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Twin.DisposeAsync();
        await _owner.DisposeAsync();
    }

    private static async Task<IVault> OpenAsync(
        VaultName name, List<VaultOpener> owners, Terminal terminal, AzureVaultOptions options, CancellationToken cancellationToken)
    {
        var opener = new VaultOpener(Environment.GetEnvironmentVariable, terminal.Error.WriteLine, options);
        owners.Add(opener);
        if (name.IsAzurite
            && await RunningAzurite.FindAsync(AzuriteSettings.FromEnvironment(Environment.GetEnvironmentVariable), cancellationToken) is { } running)
        {
            opener.AdoptAzurite(running);
        }

        // The user's own container is not for this: one that nobody has.
        var text = name.Text == "azurite" ? $"azurite:repro-{Guid.NewGuid():n}" : name.Text;
        return (await opener.OpenAsync(text, cancellationToken)).Vault;
    }

    private sealed class Owner(List<VaultOpener> openers) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var opener in openers)
            {
                await opener.DisposeAsync();
            }
        }
    }
}
