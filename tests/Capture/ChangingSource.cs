using System.Runtime.CompilerServices;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Tests.Capture;

/// <summary>A real source, and something that happens at the moment its listing first shows a path.</summary>
internal sealed class ChangingSource(IDataSource inner, string path, Action change) : IDataSource
{
    private bool _isDone;

    public string DefaultName => inner.DefaultName;

    public ValueTask<VolumeInfo> DescribeAsync(CancellationToken cancellationToken) => inner.DescribeAsync(cancellationToken);

    public async ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken) =>
        new Snapshot(await inner.CreateSnapshotAsync(cancellationToken), this);

    private void Show(string shown)
    {
        if (!_isDone && shown == path)
        {
            _isDone = true;
            change();
        }
    }

    private sealed class Snapshot(ISnapshot inner, ChangingSource source) : ISnapshot
    {
        public DateTimeOffset TakenAt => inner.TakenAt;

        public ConsistencyLevel Consistency => inner.Consistency;

        public async IAsyncEnumerable<SourceItem> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var item in inner.EnumerateAsync(cancellationToken))
            {
                source.Show(item.Entry?.Path ?? item.Error!.Path);
                yield return item;
            }
        }

        public ValueTask<ISourceReader> OpenAsync(SourceEntry entry, SourceStream stream, CancellationToken cancellationToken) =>
            inner.OpenAsync(entry, stream, cancellationToken);

        public ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken) => inner.IsAliveAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
