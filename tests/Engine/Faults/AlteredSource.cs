using System.Runtime.CompilerServices;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Tests.Engine.Faults;

/// <summary>A source that tells something else of its volume or of its entries than the one it stands before.</summary>
internal sealed class AlteredSource(IDataSource inner) : IDataSource
{
    /// <summary>Changes what is told of the volume.</summary>
    public Func<VolumeInfo, VolumeInfo> Volume { get; init; } = static info => info;

    /// <summary>Changes each item of a listing, into none, one or more.</summary>
    public Func<SourceItem, IEnumerable<SourceItem>> Items { get; init; } = static item => [item];

    public string DefaultName => inner.DefaultName;

    /// <summary>The change that gives entries other metadata and leaves everything else.</summary>
    public static Func<SourceItem, IEnumerable<SourceItem>> Entries(Func<SourceEntry, SourceEntry> change) =>
        item => [item.Entry is { } entry ? SourceItem.Of(change(entry)) : item];

    public async ValueTask<VolumeInfo> DescribeAsync(CancellationToken cancellationToken) =>
        Volume(await inner.DescribeAsync(cancellationToken));

    public async ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken) =>
        new Snapshot(await inner.CreateSnapshotAsync(cancellationToken), Items);

    private sealed class Snapshot(ISnapshot inner, Func<SourceItem, IEnumerable<SourceItem>> items) : ISnapshot
    {
        public DateTimeOffset TakenAt => inner.TakenAt;

        public ConsistencyLevel Consistency => inner.Consistency;

        public async IAsyncEnumerable<SourceItem> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var item in inner.EnumerateAsync(cancellationToken))
            {
                foreach (var altered in items(item))
                {
                    yield return altered;
                }
            }
        }

        public ValueTask<ISourceReader> OpenAsync(
            SourceEntry entry, SourceStream stream, CancellationToken cancellationToken) =>
            inner.OpenAsync(entry, stream, cancellationToken);

        public ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken) => inner.IsAliveAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
