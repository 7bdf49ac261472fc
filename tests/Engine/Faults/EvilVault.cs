using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Repositories;
using Harness.Engine.Rules;
using Harness.Simulator.Kernel;
using Harness.Simulator.Vaults;
using Harness.Tests.Support;

namespace Harness.Tests.Engine.Faults;

/// <summary>Writes recovery points that no engine would write, under the vault's own keys.</summary>
internal static class EvilVault
{
    public static EntryRecord File(ulong reference, ulong parent, string name) => Entry(reference, parent, name, EntryKind.File);

    public static EntryRecord Folder(ulong reference, ulong parent, string name) =>
        Entry(reference, parent, name, EntryKind.Directory);

    /// <summary>A rig whose second recovery point is a state made of these entries.</summary>
    public static async Task<EngineRig> RigAsync(params IReadOnlyList<EntryRecord> entries)
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("unused");
        await rig.BackupAsync();
        await CommitAsync(rig, entries);
        return rig;
    }

    /// <summary>Commits a state made of these entries as the second recovery point of the rig's source.</summary>
    public static async Task CommitAsync(EngineRig rig, IReadOnlyList<EntryRecord> entries)
    {
        var cancellationToken = CancellationToken.None;
        var repository = await RepositoryOpener.OpenAsync(
            new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), cancellationToken);
        var log = new CommitLog(repository);
        var parent = await log.FindAsync(null, null, cancellationToken);
        var random = new SeededRandomSource(666);
        var records = entries.OrderBy(entry => entry.FileReference)
            .Select(entry => new KeyedRecord(RecordKey.OfEntry(entry.FileReference), RecordCodec.Encode(entry, parent: null)))
            .ToList();
        var manifests = new List<string>();
        var hash = await repository.CreateSealedAsync(
            SealedType.Manifest,
            ManifestDocument.Context(parent.SourceId),
            hash => BlobNames.Manifest(parent.SourceId, hash),
            ManifestDocument.EncodePart(records),
            random,
            cancellationToken);
        manifests.Add(hash.ToString());

        var sequence = parent.Document.Sequence + 1;
        var commit = parent.Document with
        {
            Sequence = sequence,
            Parent = parent.Hash.ToString(),
            Mode = BackupMode.Incremental,
            Checkpoint = true,
            ChainStart = sequence,
            Manifests = manifests,
            Indexes = [],
        };
        var blob = repository.Seal(
            SealedType.Commit, CommitDocument.Context(parent.SourceId, sequence), commit.Encode(), random);
        await repository.Vault.CreateAsync(BlobNames.Commit(parent.SourceId, sequence), blob, cancellationToken);
    }

    private static EntryRecord Entry(ulong reference, ulong parent, string name, EntryKind kind) => new()
    {
        FileReference = reference,
        Kind = kind,
        Protection = Protection.Incremental,
        Traits = EntryTraits.None,
        Attributes = 0,
        Parent = parent,
        Name = name,
        Times = default,
        Security = default,
        EncryptionInfo = ReadOnlyMemory<byte>.Empty,
        Streams = [],
    };
}
