using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Restore;

/// <summary>Reads a stream that a restore target holds already.</summary>
internal sealed class ExistingStreamReader(SimVolume volume, string path, long lengthBytes) : ISourceReader
{
    /// <inheritdoc/>
    public long LengthBytes => lengthBytes;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ByteRange>> GetAllocatedRangesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<ByteRange>>(lengthBytes == 0 ? [] : [new ByteRange(0, lengthBytes)]);

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(volume.Read(path, offset, buffer.Span));
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
