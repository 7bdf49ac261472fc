using System.Buffers.Binary;
using System.Security.Cryptography;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;

namespace Harness.Engine.Resume;

/// <summary>
/// Writes checkpoints of a run to the vault (FORMAT.md section 14), beside the run and one at a time. A run that ends before the
/// first is due writes none. A checkpoint that cannot be written ends them and not the run. Memory is bounded. One logical thread.
/// </summary>
internal sealed class CheckpointWriter
{
    private const int MostItemBytes = 16 << 20;
    private const int MostSegments = IndexDocument.MaxSegments / 2;

    private readonly Repository _repository;
    private readonly RunSection _section;
    private readonly WriterFence _fence;
    private readonly int _packsEach;
    private readonly byte[] _salt = new byte[KeyRing.SaltBytes + sizeof(long)];

    /// <summary>Items whose pack is not in the vault yet.</summary>
    private readonly Queue<byte[]> _waiting = new();
    private readonly WireWriter _items = new(4096);
    private readonly List<IndexedPack> _packs = [];
    private long _first;
    private long _waitingBytes;
    private long _itemCount;
    private long _segments;
    private int _number;
    private bool _isOff;
    private Task _underWay = Task.CompletedTask;

    /// <summary>A writer for one attempt.</summary>
    /// <param name="repository">The vault.</param>
    /// <param name="random">Drawn from once.</param>
    /// <param name="section">What the attempt follows.</param>
    /// <param name="fence">Its session, which is there before the first pack is.</param>
    /// <param name="packsEach">A checkpoint is due after so many packs; 1 or more.</param>
    public CheckpointWriter(Repository repository, IRandomSource random, RunSection section, WriterFence fence, int packsEach)
    {
        (_repository, _section, _fence, _packsEach) = (repository, section, fence, packsEach);
        random.Fill(_salt.AsSpan(0, KeyRing.SaltBytes));
    }

    /// <summary>Takes an item of the run log.</summary>
    public void Add(byte[] item)
    {
        if (_isOff)
        {
            return;
        }

        _waiting.Enqueue(item);
        _waitingBytes += item.Length;
        if (_waitingBytes > MostItemBytes)
        {
            // Nothing was packed for long: these have to be read again, should it come to that.
            _first += _waiting.Count;
            _waiting.Clear();
            _waitingBytes = 0;
        }
    }

    /// <summary>Takes a pack that is in the vault, and with it the first so many items.</summary>
    public async ValueTask NoteAsync(IndexedPack pack, long items, CancellationToken cancellationToken)
    {
        if (_isOff)
        {
            return;
        }

        for (; _first < items; _first++)
        {
            var item = _waiting.Dequeue();
            _waitingBytes -= item.Length;
            RunLogFormat.Append(_items, item, []);
            _itemCount++;
        }

        _packs.Add(pack);
        _segments += pack.Segments.Count;
        if (_packs.Count >= _packsEach || _items.Length >= MostItemBytes || _segments >= MostSegments)
        {
            await WriteAsync(cancellationToken);
        }
    }

    /// <summary>Waits for the one under way, so that none goes on behind the caller's back.</summary>
    public async ValueTask FinishAsync()
    {
        try
        {
            await _underWay;
        }
        catch (Exception error) when (error is BackupException or OperationCanceledException)
        {
            // It would only have saved time.
            _isOff = true;
        }
    }

    private async ValueTask WriteAsync(CancellationToken cancellationToken)
    {
        await FinishAsync();
        if (_isOff)
        {
            return;
        }

        var name = BlobNames.Checkpoint(_fence.Name, ++_number);
        var plaintext = RunLogFormat.EncodeCheckpoint(_section, _packs, _itemCount, _items.Written);
        _packs.Clear();
        _items.Clear();
        (_itemCount, _segments) = (0, 0);

        // When an upload ends is not the run's to say, so no randomness is drawn here.
        BinaryPrimitives.WriteInt64LittleEndian(_salt.AsSpan(KeyRing.SaltBytes), _number);
        var blob = SealedBlob.Seal(
            _repository.Keys, SealedType.Checkpoint, CheckpointLog.ContextOf(name), plaintext, SHA256.HashData(_salt));
        _underWay = _repository.Vault.CreateAsync(name, blob, cancellationToken).AsTask();
    }
}
