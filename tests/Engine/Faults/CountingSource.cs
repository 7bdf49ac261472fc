using System.Runtime.CompilerServices;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Tests.Engine.Faults;

/// <summary>Counts what a run asks of a source: entries listed and found, streams opened, reads.</summary>
internal sealed class CountingSource(IDataSource inner) : IDataSource
{
    public int Listed { get; private set; }

    public int Found { get; private set; }

    public int Opened { get; private set; }

    public int Reads { get; private set; }

    public long ReadBytes { get; private set; }

    public string DefaultName => inner.DefaultName;

    public ValueTask<VolumeInfo> DescribeAsync(CancellationToken cancellationToken) => inner.DescribeAsync(cancellationToken);

    public async ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken) =>
        new Snapshot(await inner.CreateSnapshotAsync(cancellationToken), this);

    private sealed class Snapshot(ISnapshot inner, CountingSource source) : ISnapshot
    {
        public DateTimeOffset TakenAt => inner.TakenAt;

        public ConsistencyLevel Consistency => inner.Consistency;

        public IChangeTracker? Changes => inner.Changes is { } tracker ? new Tracker(tracker, source) : null;

        public async IAsyncEnumerable<SourceItem> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var item in inner.EnumerateAsync(cancellationToken))
            {
                source.Listed++;
                yield return item;
            }
        }

        public async ValueTask<ISourceReader> OpenAsync(SourceEntry entry, SourceStream stream, CancellationToken cancellationToken)
        {
            source.Opened++;
            return new Reader(await inner.OpenAsync(entry, stream, cancellationToken), source);
        }

        public ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken) => inner.IsAliveAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Tracker(IChangeTracker inner, CountingSource source) : IChangeTracker
    {
        public string Cursor => inner.Cursor;

        public ValueTask<ChangeAnswer> GetChangesAsync(string since, CancellationToken cancellationToken) =>
            inner.GetChangesAsync(since, cancellationToken);

        public ValueTask<IReadOnlyList<SourceItem>> FindAsync(ulong fileReference, CancellationToken cancellationToken)
        {
            source.Found++;
            return inner.FindAsync(fileReference, cancellationToken);
        }

        public IAsyncEnumerable<SourceItem> EnumerateBelowAsync(SourceEntry directory, CancellationToken cancellationToken) =>
            inner.EnumerateBelowAsync(directory, cancellationToken);
    }

    private sealed class Reader(ISourceReader inner, CountingSource source) : ISourceReader
    {
        public long LengthBytes => inner.LengthBytes;

        public ValueTask<IReadOnlyList<ByteRange>> GetAllocatedRangesAsync(CancellationToken cancellationToken) =>
            inner.GetAllocatedRangesAsync(cancellationToken);

        public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            source.Reads++;
            var read = await inner.ReadAsync(offset, buffer, cancellationToken);
            source.ReadBytes += read;
            return read;
        }

        public ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken) => inner.IsUnchangedAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
