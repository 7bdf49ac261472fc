using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Retention;

/// <summary>Reads and writes the markers of forgotten and undeleted recovery points (FORMAT.md section 12).</summary>
internal sealed class DeletedLog(Repository repository)
{
    /// <summary>Sources with their markers.</summary>
    public ValueTask<IReadOnlyDictionary<string, SourceMarkers>> ListAllAsync(CancellationToken cancellationToken) =>
        ListBelowAsync(BlobNames.Deleted, cancellationToken);

    /// <summary>Markers of one source.</summary>
    public async ValueTask<SourceMarkers> ListAsync(string sourceId, CancellationToken cancellationToken) =>
        (await ListBelowAsync(BlobNames.DeletedOf(sourceId), cancellationToken)).GetValueOrDefault(sourceId, SourceMarkers.None);

    public async ValueTask<DeletedDocument> ReadAsync(
        string sourceId, long sequence, int number, CancellationToken cancellationToken)
    {
        var name = BlobNames.DeletedMarker(sourceId, sequence, number);
        var plaintext = await repository.ReadSealedAsync(
            SealedType.Deleted, DeletedDocument.Context(sourceId, sequence, number), name, hash: null, cancellationToken);
        return DeletedDocument.Decode(plaintext, sequence, number, name);
    }

    /// <summary>As <see cref="ReadAsync"/>; null when it is damaged or gone, and then the point is kept as long as it can be.</summary>
    public async ValueTask<DeletedDocument?> TryReadAsync(
        string sourceId, long sequence, int number, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(sourceId, sequence, number, cancellationToken);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether a forgotten point may go: its marker can be read, is old enough, and is about the commit that is there. A commit
    /// that cannot be read is nobody's any more.
    /// </summary>
    public async ValueTask<bool> IsOverAsync(
        string sourceId, long sequence, SourceMarkers markers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await TryReadAsync(sourceId, sequence, markers.Newest(sequence), cancellationToken) is not { } marker
            || !SoftDelete.IsOver(marker.WrittenAt, now))
        {
            return false;
        }

        try
        {
            return (await new CommitLog(repository).ReadAsync(sourceId, sequence, cancellationToken)).Hash.ToString() == marker.Commit;
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
        {
            return true;
        }
    }

    /// <summary>Writes a marker, unless there is one of its number already.</summary>
    public async ValueTask<bool> CreateAsync(
        string sourceId, DeletedDocument document, IRandomSource random, CancellationToken cancellationToken)
    {
        var blob = repository.Seal(
            SealedType.Deleted,
            DeletedDocument.Context(sourceId, document.Sequence, document.Number),
            SealedJson.Encode(document, DocumentJson.Default.DeletedDocument),
            random);
        return await repository.Vault.CreateAsync(
            BlobNames.DeletedMarker(sourceId, document.Sequence, document.Number), blob, cancellationToken);
    }

    /// <summary>Removes markers of a point.</summary>
    public async ValueTask RemoveAsync(
        string sourceId, long sequence, IEnumerable<int> numbers, CancellationToken cancellationToken)
    {
        foreach (var number in numbers)
        {
            await repository.Vault.DeleteAsync(BlobNames.DeletedMarker(sourceId, sequence, number), cancellationToken);
        }
    }

    private async ValueTask<IReadOnlyDictionary<string, SourceMarkers>> ListBelowAsync(
        string prefix, CancellationToken cancellationToken)
    {
        var markers = new Dictionary<string, SourceMarkers>(StringComparer.Ordinal);
        await foreach (var item in repository.Vault.ListAsync(prefix, cancellationToken))
        {
            if (BlobNames.ParseDeleted(item.Name) is { } marker)
            {
                if (!markers.TryGetValue(marker.Source, out var ofSource))
                {
                    markers[marker.Source] = ofSource = new SourceMarkers();
                }

                ofSource.Add(marker.Sequence, marker.Number);
            }
        }

        return markers;
    }
}
