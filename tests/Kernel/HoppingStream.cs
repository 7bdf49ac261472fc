namespace Harness.Tests.Kernel;

/// <summary>A stream whose every read and write yields once, and that remembers the threads it was called on.</summary>
internal sealed class HoppingStream(int lengthBytes) : Stream
{
    private int _left = lengthBytes;

    public HashSet<int> Threads { get; } = [];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Threads.Add(Environment.CurrentManagedThreadId);
        await Task.Yield();
        Threads.Add(Environment.CurrentManagedThreadId);
        var count = Math.Min(Math.Min(buffer.Length, 100), _left);
        _left -= count;
        buffer.Span[..count].Fill((byte)'\n');
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Threads.Add(Environment.CurrentManagedThreadId);
        await Task.Yield();
        Threads.Add(Environment.CurrentManagedThreadId);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
