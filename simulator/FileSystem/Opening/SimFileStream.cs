using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace Harness.Simulator.FileSystem.Opening;

/// <summary>
/// A stream over an open simulated file, with the manners of FileStream on Windows. It has no buffer: a write is seen by other
/// streams at once, which FileStream guarantees only after Flush. Asynchronous calls complete at once. One thread at a time;
/// different streams of one file may be used from different threads.
/// </summary>
public sealed class SimFileStream : Stream
{
    private readonly FileHandle _handle;
    private readonly FileAccess _access;
    private readonly bool _ownsHandle;
    private readonly long _appendStart = -1;
    private long _position;
    private bool _closed;

    internal SimFileStream(FileHandle handle, FileAccess access, bool append = false, bool ownsHandle = true)
    {
        _handle = handle;
        _access = access;
        _ownsHandle = ownsHandle;
        if (append)
        {
            _appendStart = _position = handle.Length;
        }
    }

    /// <summary>Full path by which it was opened.</summary>
    public string Name => _handle.FullPath;

    /// <summary>Whether FileOptions.Asynchronous was given.</summary>
    public bool IsAsync => _handle.IsAsync;

    /// <summary>
    /// A stand-in for the operating system's handle: IFileStreamFactory of the same process takes it while this stream is
    /// open; nothing else knows it. It closes nothing.
    /// </summary>
    public SafeFileHandle SafeFileHandle
    {
        get
        {
            RequireOpen();
            return new SafeFileHandle(_handle.Numbers.Of(_handle), ownsHandle: false);
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => !_closed && _access.HasFlag(FileAccess.Read);

    /// <inheritdoc/>
    public override bool CanWrite => !_closed && _access.HasFlag(FileAccess.Write);

    /// <inheritdoc/>
    public override bool CanSeek => !_closed;

    /// <inheritdoc/>
    public override long Length
    {
        get
        {
            RequireOpen();
            return _handle.Length;
        }
    }

    /// <inheritdoc/>
    public override long Position
    {
        get
        {
            RequireOpen();
            return _position;
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Seek(value, SeekOrigin.Begin);
        }
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        if (origin is < SeekOrigin.Begin or > SeekOrigin.End)
        {
            throw new ArgumentException("Invalid seek origin.", nameof(origin));
        }

        RequireOpen();
        var from = origin == SeekOrigin.Begin ? 0 : origin == SeekOrigin.Current ? _position : _handle.Length;
        var target = checked(from + offset);
        if (target < 0)
        {
            throw Errors.WindowsErrors.For(Errors.Win32Error.InvalidParameter, Name);
        }

        if (target < _appendStart)
        {
            throw new IOException(
                "Unable seek backward to overwrite data that previously existed in a file opened in Append mode.");
        }

        _position = target;
        return target;
    }

    /// <inheritdoc/>
    public override void SetLength(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        RequireWritable();
        if (value < _appendStart)
        {
            throw new IOException("Unable to truncate data that previously existed in a file opened in Append mode.");
        }

        _handle.SetLength(value);
        _position = Math.Min(_position, value);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        RequireOpen();
        if (!_access.HasFlag(FileAccess.Read))
        {
            throw new NotSupportedException("Stream does not support reading.");
        }

        var read = _handle.Read(_position, buffer);
        _position += read;
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        return ValueTask.FromResult(Read(buffer.Span));
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        RequireWritable();
        _handle.Write(_position, buffer);
        _position += buffer.Length;
    }

    /// <inheritdoc/>
    public override void WriteByte(byte value) => Write([value]);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Flush() => RequireOpen();

    /// <summary>As <see cref="Flush()"/>; nothing here is lost before a crash is simulated.</summary>
    /// <param name="flushToDisk">Without effect.</param>
    [SuppressMessage("Style", "IDE0060", Justification = "The signature is FileStream's.")]
    public void Flush(bool flushToDisk) => RequireOpen();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        Flush();
        return Task.CompletedTask;
    }

    /// <summary>Locks bytes against every other handle; a lock that overlaps one is refused with 0x80070021.</summary>
    public void Lock(long position, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        RequireOpen();
        _handle.Lock(position, length);
    }

    /// <summary>Unlocks exactly what <see cref="Lock"/> locked; anything else is refused with 0x8007009E.</summary>
    public void Unlock(long position, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        RequireOpen();
        _handle.Unlock(position, length);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_closed && disposing)
        {
            _closed = true;
            if (_ownsHandle)
            {
                _handle.Numbers.Forget(_handle);
                _handle.Close();
            }
        }

        base.Dispose(disposing);
    }

    private void RequireWritable()
    {
        RequireOpen();
        if (!_access.HasFlag(FileAccess.Write))
        {
            throw new NotSupportedException("Stream does not support writing.");
        }
    }

    private void RequireOpen()
    {
        if (_closed || _handle.IsClosed)
        {
            throw new ObjectDisposedException(objectName: null, "Cannot access a closed file.");
        }
    }
}
