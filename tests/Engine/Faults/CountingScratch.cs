using Harness.Engine.Ports;

namespace Harness.Tests.Engine.Faults;

/// <summary>Counts the calls that a run makes to its scratch location, and their bytes.</summary>
internal sealed class CountingScratch(IScratch inner) : IScratch
{
    public int Reads { get; private set; }

    public long ReadBytes { get; private set; }

    public int Appends { get; private set; }

    public long AppendedBytes { get; private set; }

    public ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken) => inner.DescribeAsync(cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) =>
        inner.GetLengthAsync(name, cancellationToken);

    public async ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await inner.ReadAsync(name, offset, buffer, cancellationToken);
        Reads++;
        ReadBytes += read;
        return read;
    }

    public ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Appends++;
        AppendedBytes += content.Length;
        return inner.AppendAsync(name, content, cancellationToken);
    }

    public ValueTask FlushAsync(string name, CancellationToken cancellationToken) => inner.FlushAsync(name, cancellationToken);

    public ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken) =>
        inner.RenameAsync(from, to, cancellationToken);

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);
}
