using System.Buffers.Binary;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Snapshots;

/// <summary>Reads one stream of a snapshot, raw when it is encrypted.</summary>
internal sealed class SimSourceReader : ISourceReader
{
    private readonly SimSnapshot _snapshot;
    private readonly string _path;
    private readonly StreamState _state;
    private readonly ulong? _key;

    public SimSourceReader(SimSnapshot snapshot, string path, StreamState state, ulong? key)
    {
        _snapshot = snapshot;
        _path = path;
        _state = state;
        _key = state.Is(StreamFlags.Encrypted) ? key : null;
        Invariant.Require(!state.Is(StreamFlags.Encrypted) || key is not null);
        LengthBytes = _key is null ? state.Size : EfsCipher.RawLength(state.Size);
    }

    public long LengthBytes { get; }

    public ValueTask<IReadOnlyList<ByteRange>> GetAllocatedRangesAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(
            _key is null ? _snapshot.Volume.AllocatedRanges(_state)
                : LengthBytes == 0 ? []
                : (IReadOnlyList<ByteRange>)[new ByteRange(0, LengthBytes)]);
    }

    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _snapshot.Check(new SimVolumeCall(SimVolumeOperation.Read, _path, offset, buffer.Length));
        return ValueTask.FromResult(
            _key is { } key ? ReadRaw(key, offset, buffer.Span) : _snapshot.Volume.Read(_state, offset, buffer.Span));
    }

    public ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Whole encrypted sectors, then two bytes with the length of the padding in the last one.</summary>
    private int ReadRaw(ulong key, long offset, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var sectorsEnd = Math.Max(LengthBytes - 2, 0);
        var wanted = (int)Math.Min(buffer.Length, Math.Max(LengthBytes - offset, 0));
        var done = 0;
        Span<byte> sector = stackalloc byte[EfsCipher.SectorBytes];
        while (done < wanted && offset + done < sectorsEnd)
        {
            var index = (offset + done) / EfsCipher.SectorBytes;
            var within = (int)((offset + done) % EfsCipher.SectorBytes);
            sector.Clear();
            _snapshot.Volume.Read(_state, index * EfsCipher.SectorBytes, sector);
            EfsCipher.Encrypt(key, index, sector);
            var take = Math.Min(wanted - done, EfsCipher.SectorBytes - within);
            sector.Slice(within, take).CopyTo(buffer[done..]);
            done += take;
        }

        Span<byte> trailer = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(trailer, (ushort)(sectorsEnd - _state.Size));
        for (; done < wanted; done++)
        {
            buffer[done] = trailer[(int)(offset + done - sectorsEnd)];
        }

        return wanted;
    }
}
