using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Engine.Resume;
using Harness.Engine.Segments;

namespace Harness.Engine.Backup;

/// <summary>
/// Packs prepared segments and uploads full packs beside the run, a few at once. Packs of many segments are named by an index
/// blob during the run, so that memory is bounded however much it sends. One logical thread; only encoding and the uploads
/// themselves run beside it.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    /// <summary>So many tiny files fill a pack that its index would pass the limit of a sealed blob before its size does.</summary>
    private const int SegmentsOfAPack = IndexDocument.MaxSegments / 2;

    /// <summary>Segments of this run, and of runs before it that were cut off: those with the pack that has them.</summary>
    private readonly Dictionary<Hash256, IndexedPack?> _written = [];

    /// <summary>Packs of runs that were cut off, as far as this run uses them.</summary>
    private readonly HashSet<IndexedPack> _adopted = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<Task<UploadedPack>> _uploads = new();
    private readonly List<IndexedPack> _packs = [];
    private readonly SegmentIndex _index;
    private readonly WriterFence _fence;
    private readonly IndexWriter _indexBlobs;
    private long _packedSegments;

    /// <summary>Buffers of packs that are in the vault: never more than packs are under way at once.</summary>
    private readonly Stack<byte[]> _buffers = new();
    private readonly Repository _repository;
    private readonly EngineServices _services;
    private readonly RunLog _log;
    private readonly BackupOptions _options;
    private readonly CancellationToken _cancellationToken;
    private PackBuilder? _pack;

    /// <summary>Writes to a vault; what an earlier attempt has sent already counts as sent by this one.</summary>
    public SegmentWriter(
        Repository repository,
        EngineServices services,
        SegmentIndex index,
        ResumedRun resumed,
        RunLog log,
        WriterFence fence,
        BackupOptions options,
        CancellationToken cancellationToken)
    {
        _options = options;
        _repository = repository;
        _services = services;
        _cancellationToken = cancellationToken;
        _log = log;
        _index = index;
        _fence = fence;
        _indexBlobs = new IndexWriter(repository, services.Random, index);
        foreach (var pack in resumed.Packs)
        {
            foreach (var segment in pack.Segments)
            {
                _written.TryAdd(segment.Id, pack);
            }
        }
    }

    /// <summary>Whether this run uses packs that the commit before it does not.</summary>
    public bool HasPacks => _packs.Count > 0 || _indexBlobs.Names.Count > 0;

    /// <summary>Bytes of the index blobs of this run, before they were sealed.</summary>
    public long IndexBytes => _indexBlobs.WrittenBytes;

    /// <summary>Says of most segments, on any thread, that the vault does not have them; null while that is not known.</summary>
    public SegmentFilter? Filter => _index.Filter;

    /// <summary>Whether the vault or this run has a segment.</summary>
    public async ValueTask<bool> HasAsync(PreparedSegment segment) =>
        Use(segment.Id) || await _index.ContainsAsync(segment.Id, _cancellationToken);

    /// <summary>
    /// Adds a segment, unless the vault or this run has it, and releases its buffer. <paramref name="always"/> stores it even so:
    /// a file that is sent whole on each change.
    /// </summary>
    public async ValueTask<SegmentReference> AppendAsync(PreparedSegment segment, SegmentType type, bool always)
    {
        var reference = new SegmentReference(segment.Id);
        await AppendAsync(segment, type, always, reference);
        return reference;
    }

    /// <summary>As above, resolving a reference that extents hold already.</summary>
    public async ValueTask AppendAsync(PreparedSegment segment, SegmentType type, bool always, SegmentReference reference)
    {
        reference.Resolve(segment.Id);
        if (always || !await HasAsync(segment))
        {
            if (!segment.IsEncoded)
            {
                await _services.Work.RunAsync(static segment => segment.Encode(), segment);
            }

            _written.TryAdd(segment.Id, null);
            _pack ??= NewPack();
            _pack.Add(segment.Id, type, segment.Codec, segment.Encoded.Span, segment.RawBytes);
            if (_pack.Length >= _repository.Document.PackBytes || _pack.Segments.Count >= SegmentsOfAPack)
            {
                await UploadAsync();
            }
        }

        segment.Release();
    }

    /// <summary>Whether this run or one that was cut off has sent a segment; of the latter the pack counts as used from now on.</summary>
    public bool Use(Hash256 id)
    {
        if (!_written.TryGetValue(id, out var pack))
        {
            return false;
        }

        if (pack is not null && _adopted.Add(pack))
        {
            _packs.Add(pack);
        }

        return true;
    }

    /// <summary>Uploads what is left and waits until everything is in the vault.</summary>
    public async ValueTask FinishAsync()
    {
        if (_pack is not null)
        {
            await UploadAsync();
        }

        await TakeUploadsAsync();
        await _log.FinishAsync();
    }

    /// <summary>Writes the index blobs of what is not in one yet; returns the hashes of all of this run.</summary>
    public async ValueTask<IReadOnlyList<string>> WriteIndexesAsync(CancellationToken cancellationToken)
    {
        await _indexBlobs.WriteAsync(_packs, cancellationToken);
        _packs.Clear();
        return _indexBlobs.Names;
    }

    /// <summary>Waits for uploads under way after a failure, so that none goes on behind the caller's back.</summary>
    public async ValueTask AbandonAsync()
    {
        while (_uploads.Count > 0)
        {
            try
            {
                await _uploads.Dequeue();
            }
            catch (Exception error) when (error is Errors.BackupException or OperationCanceledException)
            {
                // The run has failed already, and with its first error.
            }
        }

        await _log.FinishAsync();
    }

    public void Dispose() => _pack?.Dispose();

    /// <summary>Leaves to the index what it knows now; packs of runs that were cut off and that nothing has used yet are not in it.</summary>
    private void ForgetIndexed()
    {
        foreach (var (id, pack) in _written)
        {
            if (pack is null || _adopted.Contains(pack))
            {
                _written.Remove(id);
            }
        }

        _packedSegments = 0;
    }

    private async ValueTask TakeUploadsAsync()
    {
        while (_uploads.Count > 0)
        {
            await TakeUploadAsync();
        }
    }

    private async ValueTask TakeUploadAsync()
    {
        var upload = await _uploads.Dequeue();
        _packs.Add(upload.Pack);
        _buffers.Push(upload.Buffer);
        await _log.NoteAsync(upload.Pack, upload.Items, _cancellationToken);
    }

    private async ValueTask UploadAsync()
    {
        // An upload that has ended gives its buffer to the next pack at once.
        while (_uploads.Count >= _options.UploadsAtOnce || (_uploads.TryPeek(out var oldest) && oldest.IsCompleted))
        {
            await TakeUploadAsync();
        }

        // Most runs have it from their first look into the index; what is sent without one gets it here.
        await _fence.RequireSessionAsync(_cancellationToken);
        var items = await _log.MarkAsync(_cancellationToken);
        var pack = _pack!;
        _pack = null;
        _packedSegments += pack.Segments.Count;
        _uploads.Enqueue(UploadAsync(pack, items));
        if (_packedSegments >= _options.SegmentsPerIndex)
        {
            // By what was packed and not by what has arrived: when an upload ends is not the run's to say.
            await TakeUploadsAsync();
            await WriteIndexesAsync(_cancellationToken);
            ForgetIndexed();
        }
    }

    private async Task<UploadedPack> UploadAsync(PackBuilder pack, long items)
    {
        using (pack)
        {
            var blob = pack.Seal();
            var hash = PackName.Of(blob.Span);
            await _repository.CreateByHashAsync(BlobNames.Pack(hash), blob, _cancellationToken);
            var packed = new IndexedPack(hash, pack.Salt, (uint)blob.Length, pack.Segments);
            return new UploadedPack(packed, pack.TakeBuffer(), items);
        }
    }

    private PackBuilder NewPack()
    {
        var salt = new byte[KeyRing.SaltBytes];
        _services.Random.Fill(salt);
        return new PackBuilder(_repository.Keys, salt, _repository.Document.PackBytes, _buffers.TryPop(out var buffer) ? buffer : null);
    }

    /// <summary>
    /// A pack in the vault, the buffer it was built in, which stays with its task until the run takes it, and how many items
    /// of the run log were complete when it was closed.
    /// </summary>
    private readonly record struct UploadedPack(IndexedPack Pack, byte[] Buffer, long Items);
}
