using Harness.Engine.Ports;

namespace Harness.Tests.Engine.Faults;

/// <summary>A scratch location on a disk that silently gives back one wrong byte in every file, always the same one.</summary>
internal sealed class SpoiledScratch(IScratch inner, long at) : IScratch
{
    public ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken) => inner.DescribeAsync(cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) =>
        inner.GetLengthAsync(name, cancellationToken);

    public async ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await inner.ReadAsync(name, offset, buffer, cancellationToken);
        if (at >= offset && at < offset + read)
        {
            buffer.Span[(int)(at - offset)] ^= 0x20;
        }

        return read;
    }

    public ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        inner.AppendAsync(name, content, cancellationToken);

    public ValueTask FlushAsync(string name, CancellationToken cancellationToken) => inner.FlushAsync(name, cancellationToken);

    public ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken) =>
        inner.RenameAsync(from, to, cancellationToken);

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);
}
