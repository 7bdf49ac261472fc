using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Engine.Resume;

namespace Harness.Engine.Backup;

/// <summary>
/// Packs prepared segments and uploads full packs beside the run, a few at once. One logical thread; only the uploads
/// themselves run beside it.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    // Two at once keep Azurite and a network busy with packs of 16 MiB; each more costs another pack of memory.
    private const int UploadsAtOnce = 2;

    /// <summary>So many tiny files fill a pack that its index would pass the limit of a sealed blob before its size does.</summary>
    private const int SegmentsOfAPack = IndexDocument.MaxSegments / 2;

    private readonly Dictionary<Hash256, SegmentReference> _written = [];
    private readonly Queue<Task<UploadedPack>> _uploads = new();
    private readonly List<IndexedPack> _packs = [];
    private int _noted;

    /// <summary>Buffers of packs that are in the vault: never more than packs are under way at once.</summary>
    private readonly Stack<byte[]> _buffers = new();
    private readonly Repository _repository;
    private readonly EngineServices _services;
    private readonly RunLog _log;
    private readonly CancellationToken _cancellationToken;
    private PackBuilder? _pack;

    /// <summary>Writes to a vault; what an earlier attempt has sent already counts as sent by this one.</summary>
    public SegmentWriter(
        Repository repository, EngineServices services, ResumedRun resumed, RunLog log, CancellationToken cancellationToken)
    {
        _repository = repository;
        _services = services;
        _cancellationToken = cancellationToken;
        _log = log;
        foreach (var pack in resumed.Packs)
        {
            _packs.Add(pack);
            foreach (var segment in pack.Segments)
            {
                _written.TryAdd(segment.Id, new SegmentReference(segment.Id));
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
        if (!segment.IsKnown && (_written.TryAdd(segment.Id, reference) || always))
        {
            _pack ??= NewPack();
            _pack.Add(segment.Id, type, segment.Codec, segment.Encoded.Span, segment.RawBytes);
            if (_pack.Length >= _repository.Document.PackBytes || _pack.Segments.Count >= SegmentsOfAPack)
            {
                await UploadAsync();
            }
        }

        segment.Release();
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
    }

    public void Dispose() => _pack?.Dispose();

    private async ValueTask TakeUploadAsync()
    {
        var upload = await _uploads.Dequeue();
        _packs.Add(upload.Pack);
        _buffers.Push(upload.Buffer);
        var entries = upload.Entries - _noted;
        _noted = upload.Entries;
        await _log.NoteAsync(upload.Pack, entries, _cancellationToken);
    }

    private async ValueTask UploadAsync()
    {
        // An upload that has ended gives its buffer to the next pack at once.
        while (_uploads.Count >= UploadsAtOnce || (_uploads.TryPeek(out var oldest) && oldest.IsCompleted))
        {
            await TakeUploadAsync();
        }

        var pack = _pack!;
        _pack = null;
        _uploads.Enqueue(UploadAsync(pack, _noted + _log.Mark()));
    }

    private async Task<UploadedPack> UploadAsync(PackBuilder pack, int entries)
    {
        using (pack)
        {
            var blob = pack.Seal();
            var hash = PackName.Of(blob.Span);
            await _repository.CreateByHashAsync(BlobNames.Pack(hash), blob, _cancellationToken);
            var packed = new IndexedPack(hash, pack.Salt, (uint)blob.Length, pack.Segments);
            return new UploadedPack(packed, pack.TakeBuffer(), entries);
        }
    }

    private PackBuilder NewPack()
    {
        var salt = new byte[KeyRing.SaltBytes];
        _services.Random.Fill(salt);
        return new PackBuilder(_repository.Keys, salt, _repository.Document.PackBytes, _buffers.TryPop(out var buffer) ? buffer : null);
    }

    /// <summary>
    /// A pack in the vault, the buffer it was built in, which stays with its task until the run takes it, and how many entries
    /// of the run were complete when it was closed.
    /// </summary>
    private readonly record struct UploadedPack(IndexedPack Pack, byte[] Buffer, int Entries);
}
