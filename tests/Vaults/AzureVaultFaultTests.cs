using Harness.Engine.Azure;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Vaults;

/// <summary>Faults between the SDK and the server, and what the engine sees of them.</summary>
[TestFixture]
[Category("Azurite")]
public sealed class AzureVaultFaultTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Content = [.. Enumerable.Range(0, 100_000).Select(i => unchecked((byte)(i * 7)))];

    [Test]
    public async Task Create_AcknowledgementLost_ReturnsFalseForItsOwnBlob()
    {
        await using AzureBlobVault vault = await OpenAsync(HttpMethod.Put, WireFault.LostResponse);

        bool created = await vault.CreateAsync("commits/a/1", Content, None);

        Assert.That(created, Is.False);
        Assert.That(await vault.ReadAsync("commits/a/1", Content.Length, None), Is.EqualTo(Content));
    }

    [Test]
    public async Task Create_BusyTwice_SucceedsAndCountsEveryTry()
    {
        await using AzureBlobVault vault = await OpenAsync(HttpMethod.Put, WireFault.Busy, WireFault.Busy);

        bool created = await vault.CreateAsync("packs/a", Content, None);

        Assert.That(created, Is.True);
        Assert.That(vault.Traffic.Requests, Is.EqualTo(3));
        Assert.That(vault.Traffic.StoredBytes, Is.EqualTo(Content.Length));
    }

    [Test]
    public async Task Create_BusyForEver_ThrowsVaultUnreachable()
    {
        await using AzureBlobVault vault = await OpenAsync(HttpMethod.Put, [.. Enumerable.Repeat(WireFault.Busy, 100)]);

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.VaultUnreachable, async () => await vault.CreateAsync("packs/a", Content, None));

        Assert.That(error.Message, Does.Contain("503 ServerBusy"));
        Assert.That(vault.Traffic.Requests, Is.EqualTo(1 + Quick.MaxRetries));
    }

    [Test]
    public async Task Create_BodyDamagedOnTheWay_IsSentAgain()
    {
        await using AzureBlobVault vault = await OpenAsync(HttpMethod.Put, WireFault.FlippedRequestBit);

        bool created = await vault.CreateAsync("packs/a", Content, None);

        Assert.That(created, Is.True);
        Assert.That(await vault.ReadAsync("packs/a", Content.Length, None), Is.EqualTo(Content));
        Assert.That(vault.Traffic.Requests, Is.EqualTo(3));
    }

    [Test]
    public async Task Create_BodyAlwaysDamaged_ThrowsVaultUnreachableAndStoresNothing()
    {
        await using AzureBlobVault vault =
            await OpenAsync(HttpMethod.Put, [.. Enumerable.Repeat(WireFault.FlippedRequestBit, 100)]);

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.VaultUnreachable, async () => await vault.CreateAsync("packs/a", Content, None));

        Assert.That(error.Message, Does.Contain("damages data"));
        Assert.That(await vault.GetLengthAsync("packs/a", None), Is.Null);
    }

    [Test]
    public async Task Create_BareBadRequestOnce_IsSentAgain()
    {
        await using AzureBlobVault vault = await OpenAsync(HttpMethod.Put, WireFault.BareBadRequest);

        Assert.That(await vault.CreateAsync("packs/a", Content, None), Is.True);
    }

    [TestCase(WireFault.BareBadRequest)]
    [TestCase(WireFault.BareConflict)]
    public async Task Create_AnswerWithoutAnErrorCode_ThrowsVaultUnreachable(object fault)
    {
        await using AzureBlobVault vault = await OpenAsync(HttpMethod.Put, [.. Enumerable.Repeat((WireFault)fault, 100)]);

        await BackupErrors.ExpectAsync(
            ErrorCode.VaultUnreachable, async () => await vault.CreateAsync("packs/a", Content, None));
    }

    [TestCase(WireFault.MemoryFull)]
    [TestCase(WireFault.InsufficientStorage)]
    public async Task Create_ServerFull_ThrowsVaultFull(object fault)
    {
        await using AzureBlobVault vault = await OpenAsync(HttpMethod.Put, (WireFault)fault);

        await BackupErrors.ExpectAsync(
            ErrorCode.VaultFull, async () => await vault.CreateAsync("packs/a", Content, None));
    }

    [Test]
    public async Task Read_BodyTruncatedOnce_ReadsAgain()
    {
        await using AzureBlobVault vault = await OpenAsync(HttpMethod.Get, WireFault.TruncatedBody);
        await vault.CreateAsync("packs/a", Content, None);

        byte[] read = await vault.ReadAsync("packs/a", Content.Length, None);

        Assert.That(read, Is.EqualTo(Content));
    }

    [Test]
    public async Task ReadRange_BodyTruncatedOnce_ReadsAgain()
    {
        await using AzureBlobVault vault = await OpenAsync(HttpMethod.Get, WireFault.TruncatedBody);
        await vault.CreateAsync("packs/a", Content, None);
        byte[] buffer = new byte[5000];

        int read = await vault.ReadRangeAsync("packs/a", 40_000, buffer, None);

        Assert.That(read, Is.EqualTo(5000));
        Assert.That(buffer, Is.EqualTo(Content[40_000..45_000]));
    }

    [Test]
    public async Task Read_BodyAlwaysTruncated_ThrowsVaultUnreachable()
    {
        await using AzureBlobVault vault =
            await OpenAsync(HttpMethod.Get, [.. Enumerable.Repeat(WireFault.TruncatedBody, 100)]);
        await vault.CreateAsync("packs/a", Content, None);

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.VaultUnreachable, async () => await vault.ReadAsync("packs/a", Content.Length, None));

        Assert.That(error.Message, Does.Contain("50000 of 100000"));
    }

    [Test]
    public async Task Read_ResponseLost_ReadsAgain()
    {
        await using AzureBlobVault vault = await OpenAsync(HttpMethod.Get, WireFault.LostResponse);
        await vault.CreateAsync("packs/a", Content, None);

        Assert.That(await vault.ReadAsync("packs/a", Content.Length, None), Is.EqualTo(Content));
    }

    [Test]
    public async Task Create_LargeBlob_IsOnePutOnTheWire()
    {
        await using AzureBlobVault vault = await OpenAsync(HttpMethod.Put);
        await vault.CreateAsync("warm-up", Content, None);
        VaultTraffic before = vault.Traffic;

        await vault.CreateAsync("packs/large", new byte[32 << 20], None);

        Assert.That(vault.Traffic.Since(before).Requests, Is.EqualTo(1));
        Assert.That(vault.Traffic.Since(before).SentBytes, Is.InRange(32 << 20, (32 << 20) + 2000));
    }

    private static AzureVaultOptions Quick { get; } = new()
    {
        MaxRetries = 3,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        MaxRetryDelay = TimeSpan.FromMilliseconds(5),
    };

    /// <summary>The container exists already, so that the script begins at the first call of the test.</summary>
    private static async Task<AzureBlobVault> OpenAsync(HttpMethod method, params WireFault[] faults)
    {
        AzureVaultLocation location = await SharedAzurite.NewContainerAsync();
        await using AzureBlobVault plain = await SharedAzurite.OpenAsync(location);
        await plain.CreateAsync("repo", Content, None);
        return await SharedAzurite.OpenAsync(
            location, Quick with { WrapTransport = FaultyTransport.Script(method, faults) });
    }
}
