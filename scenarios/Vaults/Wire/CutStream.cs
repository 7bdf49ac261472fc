namespace Harness.Scenarios.Vaults.Wire;

/// <summary>A response's body of which one half comes, and then the connection is closed.</summary>
internal sealed class CutStream(byte[] whole) : Stream
{
    private readonly int _end = whole.Length / 2;
    private int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _at;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = Math.Min(count, _end - _at);
        if (read == 0 && count > 0)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, "injected: the connection was closed in mid-body");
        }

        whole.AsSpan(_at, read).CopyTo(buffer.AsSpan(offset));
        _at += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
