using Harness.Engine.Ports;
using Harness.Simulator.Vaults;

namespace Harness.Scenarios.Running;

/// <summary>
/// Stands in front of a cell's vault and notes the calls in its trace, for whoever has to find out what a failed cell was doing.
/// Calls are noted when they begin, so that one which never ends is there too. Safe for concurrent calls.
/// </summary>
/// <param name="inner">The vault behind it.</param>
/// <param name="trace">Keeps the lines.</param>
internal sealed class TracingVault(IVault inner, CellTrace trace) : DelegatingVault(inner)
{
    /// <summary>Content hashes say nothing to people beyond the first digits.</summary>
    private const int MaxNameLength = 28;

    /// <summary>Notes something that is no call, such as the beginning of a step.</summary>
    public void Note(string line) => trace.Note(line);

    /// <inheritdoc/>
    public override ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Note($"create {Short(name)} {content.Length} B");
        return base.CreateAsync(name, content, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken)
    {
        Note($"read {Short(name)}");
        return base.ReadAsync(name, maxBytes, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadRangeAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Note($"read {Short(name)} at {offset}, {buffer.Length} B");
        return base.ReadRangeAsync(name, offset, buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
    {
        Note($"length of {Short(name)}");
        return base.GetLengthAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public override IAsyncEnumerable<VaultBlob> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        Note($"list {prefix}*");
        return base.ListAsync(prefix, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        Note($"delete {Short(name)}");
        return base.DeleteAsync(name, cancellationToken);
    }

    private static string Short(string name) => name.Length <= MaxNameLength ? name : name[..MaxNameLength] + "…";
}
