using Harness.Engine.Ports;

namespace Harness.Perf.Scale;

/// <summary>A location for temporary tables that counts what is written to it, tables that are deleted again included.</summary>
internal sealed class CountedScratch(IScratch inner) : IScratch
{
    public long WrittenBytes { get; private set; }

    public ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken) => inner.DescribeAsync(cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) =>
        inner.GetLengthAsync(name, cancellationToken);

    public ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        inner.ReadAsync(name, offset, buffer, cancellationToken);

    public ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        WrittenBytes += content.Length;
        return inner.AppendAsync(name, content, cancellationToken);
    }

    public ValueTask FlushAsync(string name, CancellationToken cancellationToken) => inner.FlushAsync(name, cancellationToken);

    public ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken) =>
        inner.RenameAsync(from, to, cancellationToken);

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);
}
