using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Tests.Engine.Faults;

/// <summary>A simulated source that lets workers read, as real disks do, and counts the streams that are open.</summary>
internal sealed class PositionedSource(IDataSource inner) : IDataSource
{
    /// <summary>Streams open now.</summary>
    public int Open { get; private set; }

    /// <summary>The most streams that were open at once.</summary>
    public int MostOpen { get; private set; }

    /// <summary>Reads of workers.</summary>
    public int WorkerReads { get; private set; }

    /// <summary>Bytes by which each stream is shorter when read than when it was opened.</summary>
    public int CutBytes { get; init; }

    public string DefaultName => inner.DefaultName;

    public ValueTask<VolumeInfo> DescribeAsync(CancellationToken cancellationToken) => inner.DescribeAsync(cancellationToken);

    public async ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken) =>
        new Snapshot(await inner.CreateSnapshotAsync(cancellationToken), this);

    private sealed class Snapshot(ISnapshot inner, PositionedSource source) : ISnapshot
    {
        public DateTimeOffset TakenAt => inner.TakenAt;

        public ConsistencyLevel Consistency => inner.Consistency;

        public IChangeTracker? Changes => inner.Changes;

        public IAsyncEnumerable<SourceItem> EnumerateAsync(CancellationToken cancellationToken) =>
            inner.EnumerateAsync(cancellationToken);

        public async ValueTask<ISourceReader> OpenAsync(SourceEntry entry, SourceStream stream, CancellationToken cancellationToken)
        {
            var reader = new Reader(await inner.OpenAsync(entry, stream, cancellationToken), source);
            source.MostOpen = Math.Max(source.MostOpen, ++source.Open);
            return reader;
        }

        public ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken) => inner.IsAliveAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Reader(ISourceReader inner, PositionedSource source) : IPositionedReader
    {
        public long LengthBytes => inner.LengthBytes;

        public ValueTask<IReadOnlyList<ByteRange>> GetAllocatedRangesAsync(CancellationToken cancellationToken) =>
            inner.GetAllocatedRangesAsync(cancellationToken);

        public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
            inner.ReadAsync(offset, buffer, cancellationToken);

        public int Read(long offset, Span<byte> buffer)
        {
            source.WorkerReads++;
            var content = new byte[buffer.Length];

            // A simulated reader answers at once.
            var read = inner.ReadAsync(offset, content, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            read = (int)Math.Clamp(LengthBytes - source.CutBytes - offset, 0, read);
            content.AsSpan(0, read).CopyTo(buffer);
            return read;
        }

        public ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken) => inner.IsUnchangedAsync(cancellationToken);

        public ValueTask DisposeAsync()
        {
            source.Open--;
            return inner.DisposeAsync();
        }
    }
}
