using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Segments;

/// <summary>
/// Writes index blobs that name given packs (FORMAT.md section 6), each as long as a sealed blob may be, and takes them into the
/// segment index of this machine, if there is one. One logical thread.
/// </summary>
internal sealed class IndexWriter(Repository repository, IRandomSource random, SegmentIndex? index)
{
    private readonly List<string> _names = [];

    /// <summary>Hashes of the blobs written so far, in order.</summary>
    public IReadOnlyList<string> Names => _names;

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
        if (packs.Count == 0)
        {
            return;
        }

        var hash = await repository.CreateSealedAsync(
            SealedType.Index, IndexDocument.Context, BlobNames.Index, IndexDocument.Encode(packs), random, cancellationToken);
        _names.Add(hash.ToString());
        if (index is not null)
        {
            await index.AddAsync(hash, packs, cancellationToken);
        }

        packs.Clear();
    }
}
