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
    private readonly List<IndexedPack> _packs = [];
    private int _segments;

    /// <summary>Hashes of the blobs written so far, in order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Bytes of the blobs written so far, before they were sealed.</summary>
    public long WrittenBytes { get; private set; }

    /// <summary>Writes packs and what was added before them.</summary>
    public async ValueTask WriteAsync(IEnumerable<IndexedPack> packs, CancellationToken cancellationToken)
    {
        foreach (var pack in packs)
        {
            await AddAsync(pack, cancellationToken);
        }

        await FlushAsync(cancellationToken);
    }

    /// <summary>Adds a pack; a blob is written when it is full.</summary>
    public async ValueTask AddAsync(IndexedPack pack, CancellationToken cancellationToken)
    {
        if (_segments + pack.Segments.Count > IndexDocument.MaxSegments)
        {
            await FlushAsync(cancellationToken);
        }

        _packs.Add(pack);
        _segments += pack.Segments.Count;
    }

    /// <summary>Writes what was added and is in no blob yet.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_packs.Count == 0)
        {
            return;
        }

        var plaintext = IndexDocument.Encode(_packs);
        var hash = await repository.CreateSealedAsync(
            SealedType.Index, IndexDocument.Context, BlobNames.Index, plaintext, random, cancellationToken);
        WrittenBytes += plaintext.Length;
        _names.Add(hash.ToString());
        if (index is not null)
        {
            await index.AddAsync(hash, _packs, cancellationToken);
        }

        _packs.Clear();
        _segments = 0;
    }
}
