using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Engine.Resume;
using Harness.Engine.Retention;
using Harness.Simulator.Kernel;
using Harness.Simulator.Vaults;
using Harness.Tests.Support;

namespace Harness.Tests.Security;

/// <summary>Puts documents of any content into a rig's vault, sealed under its own keys: what a hostile machine of the vault can do.</summary>
internal sealed class HostileVault
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly EngineRig _rig;
    private readonly Repository _repository;
    private readonly SeededRandomSource _random = new(666);

    private HostileVault(EngineRig rig, Repository repository, string source) => (_rig, _repository, Source) = (rig, repository, source);

    /// <summary>Id of the data source.</summary>
    public string Source { get; }

    public static async Task<HostileVault> OfAsync(EngineRig rig)
    {
        var repository = await RepositoryOpener.OpenAsync(new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), None);
        return new HostileVault(rig, repository, rig.Store.Names("commits/")[0].Split('/')[1]);
    }

    /// <summary>Names of blobs of a kind that has documents in it.</summary>
    public IReadOnlyList<string> Names(string kind) => kind == "checkpoint"
        ? [.. _rig.Store.Names("sessions/").Where(name => name.Contains('.', StringComparison.Ordinal))]
        : [.. _rig.Store.Names(kind).Where(name => !name.StartsWith("sessions/", StringComparison.Ordinal) || !name.Contains('.', StringComparison.Ordinal))];

    /// <summary>The document in a blob.</summary>
    public byte[] Open(string name)
    {
        var (type, context) = SealOf(name);
        return SealedBlob.Open(_repository.Keys, type, context, _rig.Store.Snapshot()[name], name);
    }

    /// <summary>
    /// Puts a document in the place of that of a blob. Where a blob is named by its hash the one that names it is made anew too: a manifest
    /// comes with a commit of its own, an index takes the place of all.
    /// </summary>
    public async Task ReplaceAsync(string name, byte[] plaintext)
    {
        var (type, context) = SealOf(name);
        var blob = _repository.Seal(type, context, plaintext, _random);
        switch (type)
        {
            case SealedType.Index:
                foreach (var index in _rig.Store.Names("index/"))
                {
                    _rig.Store.Remove(index);
                }

                await _repository.Vault.CreateAsync(BlobNames.Index(Hash256.Of(blob)), blob, None);
                break;
            case SealedType.Manifest:
                await CommitAsync(plaintext);
                break;
            default:
                _rig.Store.Corrupt(name, _ => blob);
                break;
        }
    }

    /// <summary>Commits a manifest of one part as a checkpoint: the next recovery point.</summary>
    public async Task CommitAsync(byte[] part)
    {
        var parent = await new CommitLog(_repository).FindAsync(null, null, None);
        var hash = await _repository.CreateSealedAsync(
            SealedType.Manifest, ManifestDocument.Context(Source), hash => BlobNames.Manifest(Source, hash), part, _random, None);
        var sequence = parent.Document.Sequence + 1;
        var commit = parent.Document with
        {
            Sequence = sequence,
            Parent = parent.Hash.ToString(),
            Checkpoint = true,
            ChainStart = sequence,
            Manifests = [hash.ToString()],
            Indexes = [],
        };
        var blob = _repository.Seal(SealedType.Commit, CommitDocument.Context(Source, sequence), commit.Encode(), _random);
        await _repository.Vault.CreateAsync(BlobNames.Commit(Source, sequence), blob, None);
    }

    private (SealedType Type, string Context) SealOf(string name) => name.Split('/')[0] switch
    {
        "index" => (SealedType.Index, IndexDocument.Context),
        "manifests" => (SealedType.Manifest, ManifestDocument.Context(Source)),
        "commits" => (SealedType.Commit, CommitDocument.Context(Source, BlobNames.ParseCommit(name)!.Value.Sequence)),
        "deleted" when BlobNames.ParseDeleted(name) is { } marker => (SealedType.Deleted, DeletedDocument.Context(Source, marker.Sequence, marker.Number)),
        "gc" => (SealedType.Gc, GcDocument.Context(BlobNames.ParseGc(name)!.Value)),
        "sessions" when BlobNames.ParseCheckpoint(name) is not null => (SealedType.Checkpoint, CheckpointLog.ContextOf(name)),
        _ => (SealedType.Session, SessionDocument.ContextOf(name)),
    };
}
