using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Backup;

/// <summary>
/// Writes records to the vault as the parts of a manifest, each when it is full: memory is bounded by one part. Logical thread
/// only.
/// </summary>
internal sealed class ManifestWriter(Repository repository, IRandomSource random, string sourceId)
{
    private readonly List<KeyedRecord> _records = [];
    private readonly List<string> _names = [];
    private long _bytes;

    public async ValueTask<IReadOnlyList<string>> WriteAsync(
        IAsyncEnumerable<KeyedRecord> records, CancellationToken cancellationToken)
    {
        await foreach (var record in records)
        {
            _records.Add(record);
            _bytes += ManifestDocument.BytesOf(record);
            if (_bytes >= ManifestDocument.PartBytes)
            {
                await FlushAsync(cancellationToken);
            }
        }

        await FlushAsync(cancellationToken);
        return _names;
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_records.Count == 0)
        {
            return;
        }

        var hash = await repository.CreateSealedAsync(
            SealedType.Manifest,
            ManifestDocument.Context(sourceId),
            hash => BlobNames.Manifest(sourceId, hash),
            ManifestDocument.EncodePart(_records),
            random,
            cancellationToken);
        _names.Add(hash.ToString());
        _records.Clear();
        _bytes = 0;
    }
}
