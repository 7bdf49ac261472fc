using Harness.Engine.Ports;

namespace Harness.Simulator.Scratch;

/// <summary>A scratch location that hands every call on: what stands in front of one overrides only what it changes. One logical thread.</summary>
/// <param name="inner">The location behind it.</param>
public abstract class DelegatingScratch(IScratch inner) : IScratch
{
    /// <inheritdoc/>
    public virtual ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken) => inner.DescribeAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) =>
        inner.GetLengthAsync(name, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        inner.ReadAsync(name, offset, buffer, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        inner.AppendAsync(name, content, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask FlushAsync(string name, CancellationToken cancellationToken) => inner.FlushAsync(name, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken) =>
        inner.RenameAsync(from, to, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask DeleteAsync(string name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);
}
