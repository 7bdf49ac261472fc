using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Faults;

namespace Harness.Simulator.Processes;

/// <summary>A stream of a snapshot as one process reads it.</summary>
/// <param name="snapshot">Where it is.</param>
/// <param name="path">Its path, for faults and messages.</param>
/// <param name="inner">The stream.</param>
internal sealed class ProcessReader(ProcessSnapshot snapshot, string path, ISourceReader inner) : ISourceReader
{
    private bool _changed;

    /// <inheritdoc/>
    public long LengthBytes => inner.LengthBytes;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ByteRange>> GetAllocatedRangesAsync(CancellationToken cancellationToken) =>
        await snapshot.UseAsync("source.ranges", path, cancellationToken) == FaultKind.IoError
            ? throw ProcessSnapshot.Error(path, SourceFault.ReadError)
            : await inner.GetAllocatedRangesAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var fault = await snapshot.UseAsync("source.read", path, cancellationToken);
        if (fault == FaultKind.ChangedWhileRead)
        {
            _changed = true;
            snapshot.Disk.NoteChanged(path);
        }

        if (fault == FaultKind.SectorError)
        {
            snapshot.Disk.Spoil(path, offset);
        }

        return fault == FaultKind.IoError || snapshot.Disk.IsBad(path, offset, buffer.Length)
            ? throw ProcessSnapshot.Error(path, SourceFault.ReadError)
            : await inner.ReadAsync(offset, buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken) =>
        !_changed && await inner.IsUnchangedAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
