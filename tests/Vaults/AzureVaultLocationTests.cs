using Harness.Engine.Azure;
using Harness.Engine.Errors;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Vaults;

[TestFixture]
public sealed class AzureVaultLocationTests
{
    [TestCase("https://acc.blob.core.windows.net/backups", "acc", "backups", "https://acc.blob.core.windows.net/backups")]
    [TestCase("https://acc.blob.core.chinacloudapi.cn/backups/", "acc", "backups", "https://acc.blob.core.chinacloudapi.cn/backups")]
    [TestCase("http://127.0.0.1:10000/acc/backups", "acc", "backups", "http://127.0.0.1:10000/acc/backups")]
    [TestCase("http://localhost/acc/abc", "acc", "abc", "http://localhost/acc/abc")]
    [TestCase("http://[::1]:80/acc/abc", "acc", "abc", "http://[::1]/acc/abc")]
    public void Parse_KnownForm_TakesItApart(string url, string account, string container, string shown)
    {
        AzureVaultLocation location = AzureVaultLocation.Parse(url, out string? sas);

        Assert.That((location.Account, location.Container), Is.EqualTo((account, container)));
        Assert.That(location.DisplayName, Is.EqualTo(shown));
        Assert.That(sas, Is.Null);
    }

    [Test]
    public void Parse_UrlWithSas_HandsItOutApart()
    {
        AzureVaultLocation location =
            AzureVaultLocation.Parse("https://acc.blob.core.windows.net/backups?sv=1&sig=secret", out string? sas);

        Assert.That(sas, Is.EqualTo("sv=1&sig=secret"));
        Assert.That(location.ToString(), Does.Not.Contain("secret"));
    }

    [TestCase("https://acc.blob.core.windows.net")]
    [TestCase("https://acc.blob.core.windows.net/a/b")]
    [TestCase("http://127.0.0.1:10000/container")]
    [TestCase("http://127.0.0.1:10000/acc/Container?sig=secret")]
    [TestCase("http://127.0.0.1:10000/acc/ab")]
    [TestCase("http://127.0.0.1:10000/acc/a--b")]
    [TestCase("http://127.0.0.1:99999/acc/abc")]
    [TestCase("http://user:secret@127.0.0.1/acc/abc")]
    [TestCase("https://")]
    public async Task Parse_OtherForm_ThrowsVaultNameInvalidWithoutSecrets(string url)
    {
        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.VaultNameInvalid, () => Task.FromResult(AzureVaultLocation.Parse(url, out _)));

        Assert.That(error.Message, Does.Not.Contain("secret"));
        Assert.That(error.Remedy, Does.Contain("CONTAINER"));
    }

    [TestCase("AccountName=a;EndpointSuffix=core.windows.net")]
    [TestCase("nonsense")]
    [TestCase("AccountName=a;AccountKey=not base64!")]
    public async Task FromConnectionString_WithoutUsableCredential_ThrowsArgumentInvalid(string text) =>
        await BackupErrors.ExpectAsync(
            ErrorCode.ArgumentInvalid, () => Task.FromResult(AzureVaultCredential.FromConnectionString(text)));

    [Test]
    public async Task Open_ConnectionStringOfAnotherAccount_ThrowsArgumentInvalid()
    {
        AzureVaultLocation location = AzureVaultLocation.Parse("https://mine.blob.core.windows.net/abc", out _);
        AzureVaultCredential other = AzureVaultCredential.FromConnectionString("AccountName=other;AccountKey=AAAA");

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.ArgumentInvalid, () => Task.FromResult(AzureBlobVault.Open(location, other)));

        Assert.That(error.Message, Does.Contain("other").And.Contain("mine").And.Not.Contain("AAAA"));
    }
}
