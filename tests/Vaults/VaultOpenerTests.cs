using Harness.Engine.Errors;
using Harness.Scenarios.Azurite;
using Harness.Scenarios.Vaults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Vaults;

[TestFixture]
public sealed class VaultOpenerTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [TestCase("s3:bucket")]
    [TestCase("")]
    [TestCase("Memory")]
    [TestCase("memory:")]
    [TestCase("dir:")]
    [TestCase("dir")]
    [TestCase("azurite:No")]
    [TestCase("/tmp/vault")]
    [TestCase("ftp://host/acc/abc")]
    public async Task Open_UnknownForm_ThrowsVaultNameInvalidListingTheForms(string spec)
    {
        await using VaultOpener opener = new(_ => null);

        BackupException error = await BackupErrors.ExpectAsync(ErrorCode.VaultNameInvalid, () => opener.OpenAsync(spec, None));

        Assert.That(error.Remedy, Does.Contain("memory").And.Contain("dir:PATH").And.Contain("azurite").And.Contain("CONTAINER"));
    }

    [Test]
    public async Task Open_Memory_GivesANewVaultEachTimeAndANamedOneAgain()
    {
        await using VaultOpener opener = new(_ => null);
        await CreateAsync(opener, "memory");
        await CreateAsync(opener, "memory:x");

        Assert.That(await HasBlobAsync(opener, "memory"), Is.False);
        Assert.That(await HasBlobAsync(opener, "memory:x"), Is.True);
    }

    [Test]
    public async Task Open_Directory_OpensIt()
    {
        string folder = Directory.CreateTempSubdirectory("harness-vault-").FullName;
        await using VaultOpener opener = new(_ => null);
        await CreateAsync(opener, $"dir:{folder}");

        Assert.That(await HasBlobAsync(opener, $"dir:{folder}"), Is.True);
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Open_HttpWithoutCredential_ThrowsArgumentInvalidNamingTheVariables()
    {
        await using VaultOpener opener = new(_ => null);

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.ArgumentInvalid, () => opener.OpenAsync("http://127.0.0.1:10000/acc/abc", None));

        Assert.That(error.Remedy, Does.Contain("AZURE_STORAGE_CONNECTION_STRING"));
    }

    [Test]
    public async Task Open_UrlWithSas_ShowsItNowhere()
    {
        await using VaultOpener opener = new(_ => null);

        await using OpenedVault vault =
            await opener.OpenAsync("https://acc.blob.core.windows.net/abc?sv=1&sig=secret", None);

        Assert.That(vault.Spec, Is.EqualTo("https://acc.blob.core.windows.net/abc"));
        Assert.That(vault.Vault.DisplayName, Is.EqualTo("https://acc.blob.core.windows.net/abc"));
    }

    [TestCase("AZURE_STORAGE_CONNECTION_STRING")]
    [TestCase("AZURE_STORAGE_KEY")]
    [Category("Azurite")]
    public async Task Open_UrlOfARunningAzurite_UsesTheCredentialOfTheEnvironment(string variable)
    {
        AzuriteProcess azurite = await SharedAzurite.GetAsync();
        string url = (await SharedAzurite.NewContainerAsync()).DisplayName;
        string value = variable == "AZURE_STORAGE_KEY" ? azurite.AccountKey : azurite.ConnectionString;
        await using VaultOpener opener = new(name => name == variable ? value : null);
        await CreateAsync(opener, url);

        Assert.That(await HasBlobAsync(opener, url), Is.True);
    }

    [Test]
    [Category("Azurite")]
    public async Task Open_Azurite_StartsOneForAllAndStopsItAtTheEnd()
    {
        VaultOpener opener = new(Environment.GetEnvironmentVariable);
        await CreateAsync(opener, "azurite");
        await CreateAsync(opener, "azurite:named");
        bool fresh = await HasBlobAsync(opener, "azurite");
        bool named = await HasBlobAsync(opener, "azurite:named");
        AzuriteProcess azurite = await opener.StartAzuriteAsync(None);
        using System.Diagnostics.Process observed = System.Diagnostics.Process.GetProcessById(azurite.ProcessId);

        await opener.DisposeAsync();

        Assert.That((fresh, named), Is.EqualTo((false, true)));
        Assert.That(observed.HasExited, Is.True);
    }

    private static async Task CreateAsync(VaultOpener opener, string spec)
    {
        await using OpenedVault opened = await opener.OpenAsync(spec, None);
        Assert.That(await opened.Vault.CreateAsync("repo", new byte[1], None), Is.True);
    }

    private static async Task<bool> HasBlobAsync(VaultOpener opener, string spec)
    {
        await using OpenedVault opened = await opener.OpenAsync(spec, None);
        return await opened.Vault.GetLengthAsync("repo", None) is not null;
    }
}
