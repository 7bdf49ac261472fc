using Harness.Engine.Ports;

namespace Harness.Engine.Restore;

/// <summary>
/// The calls to the writer of one file, each after the one before and beside what the restore does meanwhile. After the first that
/// fails none is made any more, and all that follow fail alike. Logical thread only; the calls touch nothing but the writer.
/// </summary>
internal sealed class FileChain(IRestoreTarget target, CancellationToken cancellationToken)
{
    private IRestoreWriter? _writer;
    private Task _last = Task.CompletedTask;

    public void Create(string path, RestoreMetadata metadata) => _last = CreateAsync(path, metadata);

    public void Begin(string name, long sizeBytes, long? rawSizeBytes, Model.EntryTraits traits)
    {
        var before = _last;
        _last = BeginAsync();

        async Task BeginAsync()
        {
            await before;
            await _writer!.BeginStreamAsync(name, sizeBytes, rawSizeBytes, traits, cancellationToken);
        }
    }

    /// <summary>Writes bytes that stay as they are until the task is done.</summary>
    public Task Write(long offset, ReadOnlyMemory<byte> bytes)
    {
        var before = _last;
        return _last = WriteAsync();

        async Task WriteAsync()
        {
            await before;
            await _writer!.WriteAsync(offset, bytes, cancellationToken);
        }
    }

    /// <summary>Finishes the file; the notes of the writer.</summary>
    public Task<IReadOnlyList<string>> Finish()
    {
        var finished = FinishAsync(_last);
        _last = finished;
        return finished;
    }

    /// <summary>Waits for what is under way, whatever becomes of it.</summary>
    public async ValueTask SettleAsync()
    {
        try
        {
            await _last;
        }
        catch (Exception error) when (error is Errors.BackupException or OperationCanceledException)
        {
            // Its end says so.
        }
    }

    /// <summary>Waits for what is under way and leaves nothing of the file.</summary>
    public async ValueTask AbandonAsync()
    {
        await SettleAsync();
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }
    }

    private async Task CreateAsync(string path, RestoreMetadata metadata) =>
        _writer = await target.CreateFileAsync(path, metadata, cancellationToken);

    private async Task<IReadOnlyList<string>> FinishAsync(Task before)
    {
        try
        {
            await before;
            return await _writer!.FinishAsync(cancellationToken);
        }
        finally
        {
            if (_writer is not null)
            {
                await _writer.DisposeAsync();
            }
        }
    }
}
