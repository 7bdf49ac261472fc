using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Simulator.Vaults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>A blob that is named by its hash is that blob and no other, when it is written and when it is read.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RepositoryBlobTests
{
    [Test]
    public async Task CreateByHash_AnotherBlobIsThere_IsDamage()
    {
        var (store, repository) = await OpenAsync();
        var name = store.Names(BlobNames.Packs)[0];
        var blob = store.Read(name)!;

        await repository.CreateByHashAsync(name, blob, default);
        await BackupErrors.ExpectAsync(ErrorCode.VaultBlobDamaged, async () => await repository.CreateByHashAsync(name, blob.AsMemory(1), default));
    }

    [Test]
    public async Task ReadSealed_AnotherOfItsKindIsInItsPlace_IsDamage()
    {
        var (store, repository) = await OpenAsync();
        var (one, other) = (store.Names(BlobNames.Indexes)[0], store.Names(BlobNames.Indexes)[1]);
        var reader = new IndexReader(repository);
        await reader.ReadAsync(one, default);
        store.Corrupt(one, _ => store.Read(other)!);

        await BackupErrors.ExpectAsync(ErrorCode.VaultBlobDamaged, async () => await reader.ReadAsync(one, default));
    }

    private static async Task<(MemoryVaultStore Store, Repository Repository)> OpenAsync()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a", 20_000, seed: 1);
        await rig.BackupAsync();
        rig.Volume.CreateFile("b", 20_000, seed: 2);
        await rig.BackupAsync();
        return (rig.Store, await RepositoryOpener.OpenAsync(new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), default));
    }
}
