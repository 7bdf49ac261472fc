using System.Net;
using System.Net.Sockets;
using Azure.Storage;
using Azure.Storage.Sas;
using Harness.Engine.Azure;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Scenarios.Azurite;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Vaults;

/// <summary>Credentials and addresses, right and wrong, against a real server.</summary>
[TestFixture]
[Category("Azurite")]
public sealed class AzureVaultAccessTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Content = new byte[100];
    private static readonly DateTimeOffset LongAgo = new(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);
    private static readonly DateTimeOffset FarAhead = new(2099, 2, 3, 4, 5, 6, TimeSpan.Zero);

    [Test]
    public async Task AnyCall_SasWithAllRights_Works()
    {
        AzureBlobVault vault = (await OpenWithSasAsync(BlobContainerSasPermissions.All, FarAhead)).Vault;
        await using AzureBlobVault closing = vault;

        Assert.That(await vault.CreateAsync("packs/a", Content, None), Is.True);
        Assert.That(await vault.ReadAsync("packs/a", 100, None), Is.EqualTo(Content));
        Assert.That(await vault.DeleteAsync("packs/a", None), Is.True);
    }

    [Test]
    public async Task Create_SasWithoutWrite_ThrowsAccessDeniedWithoutTheSignature()
    {
        (AzureBlobVault vault, string sas) = await OpenWithSasAsync(BlobContainerSasPermissions.Read, FarAhead);
        await using AzureBlobVault closing = vault;

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.VaultAccessDenied, async () => await vault.CreateAsync("packs/a", Content, None));

        AssertHoldsNoSecret(error, sas);
        Assert.That(error.Remedy, Does.Contain("insufficient"));
    }

    [Test]
    public async Task Read_ExpiredSas_ThrowsAccessDeniedWithoutTheSignature()
    {
        (AzureBlobVault vault, string sas) = await OpenWithSasAsync(BlobContainerSasPermissions.All, LongAgo);
        await using AzureBlobVault closing = vault;

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.VaultAccessDenied, async () => await vault.ReadAsync("repo", 100, None));

        AssertHoldsNoSecret(error, sas);
        Assert.That(error.Remedy, Does.Contain("expired"));
    }

    [Test]
    public async Task Create_WrongKey_ThrowsAccessDenied()
    {
        AzureVaultLocation location = await SharedAzurite.NewContainerAsync();
        await using AzureBlobVault vault =
            AzureBlobVault.Open(location, AzureVaultCredential.FromKey(Convert.ToBase64String(new byte[32])));

        await BackupErrors.ExpectAsync(
            ErrorCode.VaultAccessDenied, async () => await vault.CreateAsync("repo", Content, None));
    }

    [Test]
    public async Task Open_ConnectionString_Works()
    {
        AzuriteProcess azurite = await SharedAzurite.GetAsync();
        AzureVaultLocation location = await SharedAzurite.NewContainerAsync();
        await using AzureBlobVault vault =
            AzureBlobVault.Open(location, AzureVaultCredential.FromConnectionString(azurite.ConnectionString));

        Assert.That(await vault.CreateAsync("repo", Content, None), Is.True);
    }

    [Test]
    public async Task AnyCall_ContainerMissingAndNotToBeCreated_ThrowsVaultUnreachable()
    {
        AzureVaultLocation location = await SharedAzurite.NewContainerAsync();
        await using AzureBlobVault vault =
            await SharedAzurite.OpenAsync(location, new AzureVaultOptions { CreateContainer = false });
        Func<Task>[] calls =
        [
            async () => await vault.CreateAsync("repo", Content, None),
            async () => await vault.ReadAsync("repo", 100, None),
            async () => await vault.ListAsync("", None).GetAsyncEnumerator(None).MoveNextAsync(),
        ];
        foreach (Func<Task> call in calls)
        {
            BackupException error = await BackupErrors.ExpectAsync(ErrorCode.VaultUnreachable, call);
            Assert.That(error.Message, Does.Contain(location.Container));
        }
    }

    [Test]
    public async Task Read_NobodyListens_ThrowsVaultUnreachableAfterTheAllowedTries()
    {
        using RefusedPort refused = new();
        AzureVaultLocation location = AzureVaultLocation.Parse($"http://127.0.0.1:{refused.Port}/account/container", out _);
        AzureVaultOptions options = new() { MaxRetries = 2, RetryDelay = TimeSpan.FromMilliseconds(1) };
        await using AzureBlobVault vault =
            AzureBlobVault.Open(location, AzureVaultCredential.FromKey(Convert.ToBase64String(new byte[32])), options);

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.VaultUnreachable, async () => await vault.ReadAsync("repo", 100, None));

        Assert.That(error.Message, Does.Contain(location.DisplayName).And.Contain("refused"));
        Assert.That(vault.Traffic, Is.EqualTo(new VaultTraffic(Requests: 3, 0, 0, 0)));
    }

    [Test]
    public async Task Read_ServerNeverAnswers_ThrowsVaultUnreachable()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        AzureVaultLocation location = AzureVaultLocation.Parse($"http://{silent.LocalEndpoint}/account/container", out _);
        AzureVaultOptions options = new()
        {
            MaxRetries = 1,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            TryTimeout = TimeSpan.FromMilliseconds(50),
        };
        await using AzureBlobVault vault =
            AzureBlobVault.Open(location, AzureVaultCredential.FromKey(Convert.ToBase64String(new byte[32])), options);

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.VaultUnreachable, async () => await vault.GetLengthAsync("repo", None));

        Assert.That(error.Message, Does.Contain("no answer in time"));
        Assert.That(vault.Traffic.Requests, Is.EqualTo(2));
    }

    [Test]
    public async Task Read_CallTimeoutPasses_ThrowsVaultUnreachableWhateverTheRetries()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        AzureVaultLocation location = AzureVaultLocation.Parse($"http://{silent.LocalEndpoint}/account/container", out _);
        AzureVaultOptions options = new() { MaxRetries = 1000, CallTimeout = TimeSpan.FromMilliseconds(50) };
        await using AzureBlobVault vault =
            AzureBlobVault.Open(location, AzureVaultCredential.FromKey(Convert.ToBase64String(new byte[32])), options);

        await BackupErrors.ExpectAsync(
            ErrorCode.VaultUnreachable, async () => await vault.GetLengthAsync("repo", None));
    }

    private static void AssertHoldsNoSecret(BackupException error, string sas)
    {
        string signature = sas.Split('&').Single(part => part.StartsWith("sig=", StringComparison.Ordinal))["sig=".Length..];
        string everything = error.ToString() + error.Remedy;
        Assert.That(everything, Does.Not.Contain(signature).And.Not.Contain(Uri.UnescapeDataString(signature)));
    }

    private static async Task<(AzureBlobVault Vault, string Sas)> OpenWithSasAsync(
        BlobContainerSasPermissions permissions, DateTimeOffset expiry)
    {
        AzuriteProcess azurite = await SharedAzurite.GetAsync();
        AzureVaultLocation location = await SharedAzurite.NewContainerAsync();
        await using AzureBlobVault owner = await SharedAzurite.OpenAsync(location);
        await owner.CreateAsync("repo", Content, None);
        BlobSasBuilder builder = new(permissions, expiry) { BlobContainerName = location.Container, Resource = "c" };
        string sas = builder
            .ToSasQueryParameters(new StorageSharedKeyCredential(azurite.AccountName, azurite.AccountKey))
            .ToString();
        return (AzureBlobVault.Open(location, AzureVaultCredential.FromSas(sas)), sas);
    }
}
