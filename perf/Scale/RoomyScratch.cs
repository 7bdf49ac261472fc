using Harness.Engine.Ports;

namespace Harness.Perf.Scale;

/// <summary>
/// A scratch location that claims the room that the rules want of one for the largest source, 10 % of it: what is measured is
/// how little of that is used, on a machine that does not have it.
/// </summary>
internal sealed class RoomyScratch(IScratch inner) : IScratch
{
    private const long ClaimedBytes = 1L << 43;

    public async ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken) =>
        await inner.DescribeAsync(cancellationToken) with { FreeBytes = ClaimedBytes };

    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) =>
        inner.GetLengthAsync(name, cancellationToken);

    public ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        inner.ReadAsync(name, offset, buffer, cancellationToken);

    public ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        inner.AppendAsync(name, content, cancellationToken);

    public ValueTask FlushAsync(string name, CancellationToken cancellationToken) => inner.FlushAsync(name, cancellationToken);

    public ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken) =>
        inner.RenameAsync(from, to, cancellationToken);

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);
}
