using Harness.Engine.Errors;
using Harness.Engine.Ports;

namespace Harness.Engine.Restore;

/// <summary>
/// What is being written beside the restore: batches of small files, and the calls of larger ones. Their ends are taken in the order
/// in which they were begun, so that a restore does and says the same whichever is ready first. Bounded in bytes and in number. Logical
/// thread only.
/// </summary>
internal sealed class WriteQueue(
    IRestoreTarget target, int writersAtOnce, Func<FileOutcome, CancellationToken, ValueTask> onEnd)
{
    /// <summary>Bytes that may be under way for each writer: a batch and the file that fills it.</summary>
    public const int BytesPerWriter = 3 << 20;

    private const int BytesPerBatch = 2 << 20;
    private const int FilesPerBatch = 64;

    private readonly Queue<Pending> _underWay = new();
    private readonly HashSet<string> _paths = new(StringComparer.OrdinalIgnoreCase);
    private readonly int _mostBytes = writersAtOnce * BytesPerWriter;
    private List<(FileJob Job, WholeFile File)> _batch = [];
    private int _batchBytes;
    private int _bytes;

    /// <summary>Batches and larger files that have begun and not ended.</summary>
    private int _open;
    private int _shortNames;

    /// <summary>
    /// Whether a target might take this path for one that is under way: it differs in case only, or either may be a short name
    /// (MS-FSCC 2.1.5.2).
    /// </summary>
    public bool MayMeet(string path) =>
        _paths.Count > 0 && (_shortNames > 0 || path.Contains('~', StringComparison.Ordinal) || _paths.Contains(path));

    /// <summary>Takes a small file. What is ready of the others is looked at meanwhile.</summary>
    public async ValueTask AddAsync(FileJob job, WholeFile file, CancellationToken cancellationToken)
    {
        Hold(job.Path);
        _batch.Add((job, file));
        _batchBytes += (int)job.WrittenBytes;
        if (_batch.Count == FilesPerBatch || _batchBytes >= BytesPerBatch)
        {
            await DispatchAsync(cancellationToken);
        }
    }

    /// <summary>Begins a larger file. The batch goes first: waiting for it to fill would keep its segments in memory.</summary>
    public async ValueTask<FileChain> BeginAsync(FileJob job, RestoreMetadata metadata, CancellationToken cancellationToken)
    {
        await DispatchAsync(cancellationToken);
        await MakeRoomAsync(0, isWriter: true, cancellationToken);
        Hold(job.Path);
        _open++;
        var chain = new FileChain(target, cancellationToken);
        chain.Create(job.Path, metadata);
        return chain;
    }

    /// <summary>Writes bytes of a larger file; the slot, where there is one, is held until they are written.</summary>
    public async ValueTask WriteAsync(
        FileChain chain, long offset, ReadOnlyMemory<byte> bytes, GroupSlot? slot, CancellationToken cancellationToken)
    {
        await MakeRoomAsync(bytes.Length, isWriter: false, cancellationToken);
        Add(new Pending(bytes.Length) { Task = chain.Write(offset, bytes), Slot = slot });
    }

    /// <summary>Ends a larger file.</summary>
    public void End(FileJob job, FileChain chain)
    {
        var notes = chain.Finish();
        Add(new Pending(0) { Task = notes, Notes = notes, Jobs = [(job, null!)] });
    }

    /// <summary>Gives a larger file up.</summary>
    public async ValueTask AbandonAsync(FileJob job, FileChain chain)
    {
        await chain.AbandonAsync();
        _open--;
        LetGo(job.Path);
    }

    /// <summary>Waits for everything. The first trouble that ends the restore is thrown.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        await DispatchAsync(cancellationToken);
        while (_underWay.Count > 0)
        {
            await TakeAsync(cancellationToken);
        }
    }

    /// <summary>Waits until nothing is written any more, whatever becomes of it.</summary>
    public async ValueTask EndAsync()
    {
        foreach (var pending in _underWay)
        {
            try
            {
                await pending.EndAsync();
            }
            catch (OperationCanceledException)
            {
                // Whoever cancelled knows.
            }
        }

        _underWay.Clear();
    }

    private void Hold(string path)
    {
        _paths.Add(path);
        _shortNames += path.Contains('~', StringComparison.Ordinal) ? 1 : 0;
    }

    private void LetGo(string path)
    {
        _paths.Remove(path);
        _shortNames -= path.Contains('~', StringComparison.Ordinal) ? 1 : 0;
    }

    private async ValueTask DispatchAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        await MakeRoomAsync(_batchBytes, isWriter: true, cancellationToken);
        var written = target.WriteFilesAsync([.. _batch.Select(item => item.File)], cancellationToken).AsTask();
        _open++;
        Add(new Pending(_batchBytes) { Task = written, Files = written, Jobs = _batch });
        (_batch, _batchBytes) = ([], 0);
    }

    private void Add(Pending pending)
    {
        _underWay.Enqueue(pending);
        _bytes += pending.Bytes;
    }

    /// <summary>Takes the ends of the oldest until there is room, and those that have come.</summary>
    private async ValueTask MakeRoomAsync(int bytes, bool isWriter, CancellationToken cancellationToken)
    {
        while (_underWay.TryPeek(out var oldest)
            && (_bytes + bytes > _mostBytes || (isWriter && _open >= writersAtOnce) || oldest.Task.IsCompleted))
        {
            await TakeAsync(cancellationToken);
        }
    }

    private async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        var pending = _underWay.Dequeue();
        _bytes -= pending.Bytes;
        _open -= pending.Jobs.Count > 0 ? 1 : 0;
        var error = await pending.EndAsync();
        if (pending.Slot is { } slot)
        {
            SegmentFeed.Release(slot);
        }

        for (var i = 0; i < pending.Jobs.Count; i++)
        {
            var job = pending.Jobs[i].Job;
            LetGo(job.Path);
            job.Slots.ForEach(SegmentFeed.Release);
            job.Slots.Clear();
            var outcome = pending.Files is { IsCompletedSuccessfully: true } files ? Of(job, files.Result[i])
                : new FileOutcome(job, error is null ? pending.Notes!.Result : [], null, IsTaken: false, error);
            await onEnd(outcome, cancellationToken);
        }
    }

    private static FileOutcome Of(FileJob job, in WrittenFile file) => new(job, file.Notes, file.Identity, file.IsTaken, file.Error);

    /// <summary>One thing under way: a call of a larger file, its end, or a batch.</summary>
    private sealed record Pending(int Bytes)
    {
        public required Task Task { get; init; }

        public GroupSlot? Slot { get; init; }

        public Task<IReadOnlyList<string>>? Notes { get; init; }

        public Task<IReadOnlyList<WrittenFile>>? Files { get; init; }

        public List<(FileJob Job, WholeFile File)> Jobs { get; init; } = [];

        /// <summary>Waits for it; gives the trouble that it had. Cancelled, it throws.</summary>
        public async ValueTask<BackupException?> EndAsync()
        {
            try
            {
                await Task;
                return null;
            }
            catch (BackupException error)
            {
                return error;
            }
        }
    }
}
