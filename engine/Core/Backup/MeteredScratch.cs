using Harness.Engine.Ports;

namespace Harness.Engine.Backup;

/// <summary>Passes through to a scratch location and keeps count of what it holds and the most it ever held.</summary>
internal sealed class MeteredScratch(IScratch inner, long usedBytes) : IScratch
{
    private long _usedBytes = usedBytes;

    public long PeakBytes { get; private set; } = usedBytes;

    public ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken) => inner.DescribeAsync(cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) =>
        inner.GetLengthAsync(name, cancellationToken);

    public ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        inner.ReadAsync(name, offset, buffer, cancellationToken);

    public async ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await inner.AppendAsync(name, content, cancellationToken);
        _usedBytes += content.Length;
        PeakBytes = Math.Max(PeakBytes, _usedBytes);
    }

    public ValueTask FlushAsync(string name, CancellationToken cancellationToken) => inner.FlushAsync(name, cancellationToken);

    public async ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken)
    {
        var replaced = await inner.GetLengthAsync(to, cancellationToken) ?? 0;
        await inner.RenameAsync(from, to, cancellationToken);
        _usedBytes -= replaced;
    }

    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var gone = await inner.GetLengthAsync(name, cancellationToken) ?? 0;
        await inner.DeleteAsync(name, cancellationToken);
        _usedBytes -= gone;
    }
}
