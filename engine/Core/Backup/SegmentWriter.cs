using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Engine.Resume;

namespace Harness.Engine.Backup;

/// <summary>
/// Packs prepared segments and uploads full packs beside the run, a few at once. One logical thread; only hashing and the
/// uploads themselves run beside it.
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

    /// <summary>Buffers of packs that are in the vault: never more than packs are under way at once.</summary>
    private readonly Stack<byte[]> _buffers = new();
    private readonly Repository _repository;
    private readonly EngineServices _services;
    private readonly RunLog _log;
    private readonly int _uploadsAtOnce;
    private readonly CancellationToken _cancellationToken;
    private PackBuilder? _pack;

    /// <summary>Writes to a vault; what an earlier attempt has sent already counts as sent by this one.</summary>
    public SegmentWriter(
        Repository repository,
        EngineServices services,
        ResumedRun resumed,
        RunLog log,
        int uploadsAtOnce,
        CancellationToken cancellationToken)
    {
        _uploadsAtOnce = uploadsAtOnce;
        _repository = repository;
        _services = services;
        _cancellationToken = cancellationToken;
        _log = log;
        foreach (var pack in resumed.Packs)
        {
            foreach (var segment in pack.Segments)
            {
                _written.TryAdd(segment.Id, pack);
            }
        }
    }

    /// <summary>Packs that are in the vault, in the order of their making. Complete after <see cref="FinishAsync"/>.</summary>
    public IReadOnlyList<IndexedPack> Packs => _packs;

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
        if (!segment.IsKnown && (always || !Use(segment.Id)))
        {
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

        while (_uploads.Count > 0)
        {
            await TakeUploadAsync();
        }

        await _log.FinishAsync();
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
        while (_uploads.Count >= _uploadsAtOnce || (_uploads.TryPeek(out var oldest) && oldest.IsCompleted))
        {
            await TakeUploadAsync();
        }

        var items = await _log.MarkAsync(_cancellationToken);
        var pack = _pack!;
        _pack = null;
        _uploads.Enqueue(UploadAsync(pack, items));
    }

    private async Task<UploadedPack> UploadAsync(PackBuilder pack, long items)
    {
        using (pack)
        {
            var blob = pack.Seal();
            var hash = await _services.Work.RunAsync(static bytes => Hash256.Of(bytes.Span), blob);
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
