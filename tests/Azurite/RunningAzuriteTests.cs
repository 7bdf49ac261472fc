using Harness.Scenarios.Azurite;
using Harness.Scenarios.Vaults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Azurite;

[TestFixture]
[Category("Azurite")]
public sealed class RunningAzuriteTests
{
    private string _cache = "";

    [SetUp]
    public void MakeCache() => _cache = Directory.CreateTempSubdirectory("harness-running-").FullName;

    [TearDown]
    public void DeleteCache() => Directory.Delete(_cache, recursive: true);

    [Test]
    public async Task Find_WhileAnnounced_GivesAVaultThatTwoOpenersShare()
    {
        await using var azurite = await AzuriteProcess.StartAsync(await SharedAzurite.InstallAsync(), 0, CancellationToken.None);
        using var announcement = RunningAzurite.Announce(Settings(), azurite);

        await using var first = await AdoptingAsync();
        await using (var opened = await first.OpenAsync("azurite", CancellationToken.None))
        {
            Assert.That(await opened.Vault.CreateAsync("repo", new byte[3], CancellationToken.None), Is.True);
        }

        await using var second = await AdoptingAsync();
        await using var again = await second.OpenAsync("azurite", CancellationToken.None);
        Assert.That(await again.Vault.GetLengthAsync("repo", CancellationToken.None), Is.EqualTo(3));
    }

    [Test]
    public async Task Find_AfterItEnded_GivesNothing()
    {
        var azurite = await AzuriteProcess.StartAsync(await SharedAzurite.InstallAsync(), 0, CancellationToken.None);
        using var announcement = RunningAzurite.Announce(Settings(), azurite);
        await azurite.DisposeAsync();

        Assert.That(await RunningAzurite.FindAsync(Settings(), CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Find_FileNotReadable_GivesNothing()
    {
        await File.WriteAllTextAsync(Path.Join(_cache, "running.json"), "{ not json");

        Assert.That(await RunningAzurite.FindAsync(Settings(), CancellationToken.None), Is.Null);
    }

    private AzuriteSettings Settings() => new() { CacheRoot = _cache };

    private async Task<VaultOpener> AdoptingAsync()
    {
        var opener = new VaultOpener(_ => null);
        opener.AdoptAzurite((await RunningAzurite.FindAsync(Settings(), CancellationToken.None))!);
        return opener;
    }
}
