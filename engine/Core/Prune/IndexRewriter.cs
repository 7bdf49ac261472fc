using Harness.Engine.Backup;
using Harness.Engine.Format;
using Harness.Engine.Repositories;

namespace Harness.Engine.Prune;

/// <summary>Writes index blobs that name given packs (FORMAT.md section 6).</summary>
internal sealed class IndexRewriter(Repository repository, EngineServices services)
{
    public async ValueTask WriteAsync(IEnumerable<IndexedPack> packs, CancellationToken cancellationToken)
    {
        var chunk = new List<IndexedPack>();
        var segments = 0;
        foreach (var pack in packs)
        {
            if (chunk.Count > 0 && segments + pack.Segments.Count > IndexDocument.MaxSegments)
            {
                await FlushAsync(chunk, cancellationToken);
                segments = 0;
            }

            chunk.Add(pack);
            segments += pack.Segments.Count;
        }

        await FlushAsync(chunk, cancellationToken);
    }

    private async ValueTask FlushAsync(List<IndexedPack> packs, CancellationToken cancellationToken)
    {
        if (packs.Count > 0)
        {
            await repository.CreateSealedAsync(
                SealedType.Index,
                IndexDocument.Context,
                BlobNames.Index,
                IndexDocument.Encode(packs),
                services.Random,
                cancellationToken);
            packs.Clear();
        }
    }
}
