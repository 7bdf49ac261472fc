using Harness.Engine.Errors;
using Harness.Engine.Ports;

namespace Harness.Engine.Backup;

/// <summary>
/// A stream that is open for reading. Where workers read it, it stays open until the last of its ranges was taken from them;
/// then it is asked whether it changed meanwhile. Logical thread only.
/// </summary>
internal sealed class OpenStream(StreamBackup stream, ISourceReader reader)
{
    private int _underWay;
    private bool _isEnded;
    private bool _isAbandoned;

    public StreamBackup Stream => stream;

    public ISourceReader Reader => reader;

    /// <summary>The reader for workers; null when only the logical thread may read.</summary>
    public IPositionedReader? Shared { get; } = reader as IPositionedReader;

    /// <summary>A worker begins to read a range of it.</summary>
    public void Begin() => _underWay++;

    /// <summary>That range was taken from its worker.</summary>
    public ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        _underWay--;
        return CloseAsync(cancellationToken);
    }

    /// <summary>No more ranges will come.</summary>
    public ValueTask EndAsync(CancellationToken cancellationToken)
    {
        _isEnded = true;
        return CloseAsync(cancellationToken);
    }

    /// <summary>No more ranges will come, and nobody asks any more whether it changed.</summary>
    public ValueTask AbandonAsync()
    {
        _isAbandoned = true;
        return EndAsync(CancellationToken.None);
    }

    private async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        if (!_isEnded || _underWay > 0)
        {
            return;
        }

        await using (reader)
        {
            try
            {
                if (!_isAbandoned && !stream.IsAbandoned && !await reader.IsUnchangedAsync(cancellationToken))
                {
                    stream.Entry.ChangedWhileRead = true;
                }
            }
            catch (SourceReadException error)
            {
                stream.Fail(error);
            }
        }
    }
}
