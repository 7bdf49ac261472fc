using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Simulator.Vaults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Vaults;

[TestFixture]
public sealed class MemoryVaultTests : VaultContract
{
    private MemoryVaultStore _store = null!;

    [Test]
    public async Task EveryCall_OnMemory_CompletesOnTheCallingThread()
    {
        ValueTask<bool> create = Vault.CreateAsync("repo", Content(1), CancellationToken.None);
        ValueTask<byte[]> read = Vault.ReadAsync("repo", 1, CancellationToken.None);
        await using IAsyncEnumerator<VaultBlob> list = Vault.ListAsync("", CancellationToken.None).GetAsyncEnumerator();
        ValueTask<bool> first = list.MoveNextAsync();

        Assert.That(create.IsCompletedSuccessfully && read.IsCompletedSuccessfully && first.IsCompletedSuccessfully, Is.True);
        Assert.That(await create && await first && (await read).Length == 1, Is.True);
    }

    [Test]
    public async Task Restore_EarlierSnapshot_RollsTheVaultBack()
    {
        await Vault.CreateAsync("a", Content(1), CancellationToken.None);
        SortedDictionary<string, byte[]> snapshot = _store.Snapshot();
        await Vault.CreateAsync("b", Content(2), CancellationToken.None);

        _store.Restore(snapshot);

        Assert.That(_store.Names(), Is.EqualTo(new[] { "a" }));
        Assert.That(_store.UsedBytes, Is.EqualTo(1));
    }

    [Test]
    public async Task Corrupt_OneByte_IsWhatReadersGet()
    {
        await Vault.CreateAsync("a", Content(3), CancellationToken.None);

        _store.Corrupt("a", bytes => [.. bytes[..2]]);

        Assert.That(await Vault.ReadAsync("a", 3, CancellationToken.None), Is.EqualTo(Content(3)[..2]));
        Assert.That(_store.UsedBytes, Is.EqualTo(2));
    }

    [Test]
    public async Task Create_BeyondCapacity_ThrowsVaultFullAndStoresNothing()
    {
        MemoryVaultStore small = new(capacityBytes: 10);
        await using MemoryVault vault = new(small);
        await vault.CreateAsync("a", Content(6), CancellationToken.None);

        await BackupErrors.ExpectAsync(
            ErrorCode.VaultFull, async () => await vault.CreateAsync("b", Content(5), CancellationToken.None));

        Assert.That(small.Names(), Is.EqualTo(new[] { "a" }));
        Assert.That(await vault.CreateAsync("b", Content(4), CancellationToken.None), Is.True);
    }

    protected override Task<IVault> NewVaultAsync()
    {
        _store = new MemoryVaultStore();
        return ReopenAsync();
    }

    protected override Task<IVault> ReopenAsync() => Task.FromResult<IVault>(new MemoryVault(_store));
}
