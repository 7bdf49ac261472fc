using Harness.Engine.Azure;
using Harness.Engine.Ports;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Vaults;

/// <summary>The contract on a real blob server.</summary>
[TestFixture]
[Category("Azurite")]
public sealed class AzureBlobVaultTests : VaultContract
{
    private AzureVaultLocation _location = null!;

    protected override async Task<IVault> NewVaultAsync()
    {
        _location = await SharedAzurite.NewContainerAsync();
        return await ReopenAsync();
    }

    protected override async Task<IVault> ReopenAsync() => await SharedAzurite.OpenAsync(_location);
}
