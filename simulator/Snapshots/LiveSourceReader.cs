using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Snapshots;

/// <summary>
/// Reads a stream of a live volume through a handle: what other handles have locked cannot be read, and a write meanwhile
/// is noticed. The handles of one source are opened, asked and closed one at a time.
/// </summary>
internal sealed class LiveSourceReader : ISourceReader
{
    private readonly SimSourceReader _content;
    private readonly SimVolume _volume;
    private readonly VolumeHandle _handle;
    private readonly string _path;
    private readonly Lock _gate;
    private readonly long _writtenAtOpen;

    /// <summary>Opens as a backup program does: it reads, and shares everything.</summary>
    public LiveSourceReader(SimSnapshot snapshot, SimVolume volume, string volumePath, string path, ulong? key, Lock gate)
    {
        _volume = volume;
        _path = path;
        _gate = gate;
        lock (gate)
        {
            try
            {
                _handle = volume.Open(volumePath, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                _writtenAtOpen = Written;
                _content = new SimSourceReader(snapshot, path, _handle.State(), key);
            }
            catch (VolumeStatusException refusal)
            {
                throw new SourceReadException(path, SourceFault.Locked, refusal.Message, refusal);
            }
            catch (BackupException missing)
            {
                throw new SourceReadException(path, SourceFault.Vanished, missing.Message, missing);
            }
        }
    }

    public long LengthBytes => _content.LengthBytes;

    private long Written => _volume.RecordAt((uint)_handle.Reference.Index).Written;

    public ValueTask<IReadOnlyList<ByteRange>> GetAllocatedRangesAsync(CancellationToken cancellationToken) =>
        _content.GetAllocatedRangesAsync(cancellationToken);

    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            try
            {
                _handle.RequireUnlocked(offset, Math.Min(buffer.Length, Math.Max(LengthBytes - offset, 0)), writes: false);
            }
            catch (VolumeStatusException refusal)
            {
                throw new SourceReadException(_path, SourceFault.Locked, refusal.Message, refusal);
            }
        }

        return _content.ReadAsync(offset, buffer, cancellationToken);
    }

    public ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(Written == _writtenAtOpen);
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _handle.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
