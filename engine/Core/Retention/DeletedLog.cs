using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Retention;

/// <summary>Reads and writes the markers of forgotten recovery points (FORMAT.md section 12).</summary>
internal sealed class DeletedLog(Repository repository)
{
    /// <summary>Sources and the numbers that have a marker.</summary>
    public async ValueTask<IReadOnlyDictionary<string, SortedSet<long>>> ListAllAsync(CancellationToken cancellationToken)
    {
        var markers = new Dictionary<string, SortedSet<long>>(StringComparer.Ordinal);
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Deleted, cancellationToken))
        {
            if (BlobNames.ParseDeleted(item.Name) is { } marker)
            {
                if (!markers.TryGetValue(marker.Source, out var sequences))
                {
                    markers[marker.Source] = sequences = [];
                }

                sequences.Add(marker.Sequence);
            }
        }

        return markers;
    }

    /// <summary>Numbers of one source that have a marker.</summary>
    public async ValueTask<IReadOnlySet<long>> ListAsync(string sourceId, CancellationToken cancellationToken)
    {
        var sequences = new HashSet<long>();
        await foreach (var item in repository.Vault.ListAsync(BlobNames.DeletedOf(sourceId), cancellationToken))
        {
            if (BlobNames.ParseDeleted(item.Name) is { } marker)
            {
                sequences.Add(marker.Sequence);
            }
        }

        return sequences;
    }

    public async ValueTask<DeletedDocument> ReadAsync(string sourceId, long sequence, CancellationToken cancellationToken)
    {
        var name = BlobNames.DeletedMarker(sourceId, sequence);
        var plaintext = await repository.ReadSealedAsync(
            SealedType.Deleted, DeletedDocument.Context(sourceId, sequence), name, hash: null, cancellationToken);
        return DeletedDocument.Decode(plaintext, sequence, name);
    }

    /// <summary>As <see cref="ReadAsync"/>; null when it is damaged or gone, and then the point is kept as long as it can be.</summary>
    public async ValueTask<DeletedDocument?> TryReadAsync(string sourceId, long sequence, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(sourceId, sequence, cancellationToken);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
        {
            return null;
        }
    }

    /// <summary>Writes a marker, unless there is one already.</summary>
    public async ValueTask<bool> CreateAsync(
        string sourceId, DeletedDocument document, IRandomSource random, CancellationToken cancellationToken)
    {
        var blob = repository.Seal(
            SealedType.Deleted, DeletedDocument.Context(sourceId, document.Sequence), SealedJson.Encode(document, DocumentJson.Default.DeletedDocument), random);
        return await repository.Vault.CreateAsync(
            BlobNames.DeletedMarker(sourceId, document.Sequence), blob, cancellationToken);
    }
}
