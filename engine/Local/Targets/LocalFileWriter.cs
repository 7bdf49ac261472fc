using Harness.Engine.Local.Runtime;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Engine.Local.Targets;

/// <summary>A file being written, its calls on the threads of writers. One call at a time.</summary>
internal sealed class LocalFileWriter(FileWriter writer, WriterThreads threads) : IRestoreWriter
{
    /// <summary>Fewer bytes are written sooner than handed over.</summary>
    private const int HandedOverBytes = 32 << 10;

    /// <inheritdoc/>
    public ValueTask BeginStreamAsync(
        string name, long sizeBytes, long? rawSizeBytes, EntryTraits traits, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        writer.Begin(name, sizeBytes, rawSizeBytes, traits);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (content.Length >= HandedOverBytes)
        {
            return new ValueTask(threads.RunAsync(() => Write(offset, content)));
        }

        Write(offset, content);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FinishAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ = writer.Finish(isNew: false);
        return ValueTask.FromResult(writer.Notes);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        writer.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool Write(long offset, ReadOnlyMemory<byte> content)
    {
        writer.Write(offset, content.Span);
        return true;
    }
}
