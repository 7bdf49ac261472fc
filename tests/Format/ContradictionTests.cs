using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Simulator.Vaults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Format;

/// <summary>Blobs that are whole and authentic and contradict themselves or their place: a writer's mistake, noticed by each reader.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ContradictionTests
{
    private static readonly Hash256 AnyHash = Hash256.Of([1]);

    [TestCase(1000u, true)]
    [TestCase(999u, false)]
    public void Index_SegmentAtTheEndOfItsPack_IsReadOnlyWithinIt(uint packBytes, bool isRead)
    {
        var segment = new SegmentRecord(AnyHash, 0, Offset: 600, StoredBytes: 400, RawBytes: 4096, Codec: 0, SegmentType.Data);
        var index = IndexDocument.Encode([new IndexedPack(AnyHash, new byte[KeyRing.SaltBytes], packBytes, [segment])]);

        AssertDamaged(() => IndexDocument.Decode(index, "index/x"), isRead, "a segment lies outside its pack");
    }

    [TestCase(1ul, 2ul, true)]
    [TestCase(2ul, 2ul, false)]
    [TestCase(2ul, 1ul, false)]
    public void ManifestPart_TwoRecords_Ascend(ulong first, ulong second, bool isRead)
    {
        var part = ManifestDocument.EncodePart([Record(first), Record(second)]);

        AssertDamaged(() => ManifestDocument.Decode(part, "manifests/x"), isRead, "its records do not ascend");
    }

    [TestCase(1ul, 2ul, true)]
    [TestCase(2ul, 2ul, false)]
    [TestCase(2ul, 1ul, false)]
    public async Task Manifest_TwoParts_Ascend(ulong first, ulong second, bool isRead)
    {
        var (rig, repository, commit) = await OnePointAsync();
        string[] parts = [await PartAsync(rig, repository, commit, first), await PartAsync(rig, repository, commit, second)];
        var twoParts = commit with { Document = commit.Document with { Manifests = parts } };

        AssertDamaged(
            () => ManifestReader.RecordsAsync(repository, twoParts, _ => { }, CancellationToken.None).ToBlockingEnumerable().Count(),
            isRead,
            "its records do not follow those of the part before");
    }

    [TestCase(1, true)]
    [TestCase(2, false)]
    public async Task Commit_UnderANumber_SaysItItself(long number, bool isRead)
    {
        var (rig, repository, commit) = await OnePointAsync();
        var name = BlobNames.Commit(commit.SourceId, number);
        var blob = repository.Seal(
            SealedType.Commit, CommitDocument.Context(commit.SourceId, number), commit.Document.Encode(), rig.Services.Random);
        await repository.Vault.DeleteAsync(name, CancellationToken.None);
        await repository.Vault.CreateAsync(name, blob, CancellationToken.None);

        AssertDamaged(
            () => new CommitLog(repository).ReadAsync(commit.SourceId, number, CancellationToken.None).AsTask().GetAwaiter().GetResult(),
            isRead,
            "its document belongs to another name");
    }

    private static KeyedRecord Record(ulong id) => new(RecordKey.OfEntry(id), Payload: null);

    private static async Task<(EngineRig Rig, Repository Repository, Commit Commit)> OnePointAsync()
    {
        var rig = new EngineRig();
        await rig.BackupAsync();
        var repository = await RepositoryOpener.OpenAsync(new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), CancellationToken.None);
        return (rig, repository, await new CommitLog(repository).FindAsync(null, null, CancellationToken.None));
    }

    private static async Task<string> PartAsync(EngineRig rig, Repository repository, Commit commit, ulong id) => (await repository.CreateSealedAsync(
        SealedType.Manifest,
        ManifestDocument.Context(commit.SourceId),
        hash => BlobNames.Manifest(commit.SourceId, hash),
        ManifestDocument.EncodePart([Record(id)]),
        rig.Services.Random,
        CancellationToken.None)).ToString();

    private static void AssertDamaged(Action read, bool isRead, string problem)
    {
        if (isRead)
        {
            Assert.That(() => read(), Throws.Nothing);
            return;
        }

        var error = Assert.Throws<BackupException>(() => read())!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.VaultBlobDamaged));
        Assert.That(error.Message, Does.Contain(problem));
    }
}
