using System.Runtime.CompilerServices;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Tests.Support;

namespace Harness.Tests.Engine.Yielding;

/// <summary>A source whose every call really yields first, and is only ever made on the pump's thread.</summary>
internal sealed class YieldingSource(IDataSource inner, SingleThreadPump pump) : IDataSource
{
    public string DefaultName => inner.DefaultName;

    public async ValueTask<VolumeInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        await HopAsync(pump);
        return await inner.DescribeAsync(cancellationToken);
    }

    public async ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken)
    {
        await HopAsync(pump);
        return new Snapshot(await inner.CreateSnapshotAsync(cancellationToken), pump);
    }

    private static async ValueTask HopAsync(SingleThreadPump pump)
    {
        pump.RequireOwnThread();
        await Task.Yield();
        pump.RequireOwnThread();
    }

    private sealed class Snapshot(ISnapshot inner, SingleThreadPump pump) : ISnapshot
    {
        public DateTimeOffset TakenAt => inner.TakenAt;

        public ConsistencyLevel Consistency => inner.Consistency;

        public async IAsyncEnumerable<SourceItem> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var item in inner.EnumerateAsync(cancellationToken))
            {
                await HopAsync(pump);
                yield return item;
            }
        }

        public async ValueTask<ISourceReader> OpenAsync(
            SourceEntry entry, SourceStream stream, CancellationToken cancellationToken)
        {
            await HopAsync(pump);
            return new Reader(await inner.OpenAsync(entry, stream, cancellationToken), pump);
        }

        public async ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken)
        {
            await HopAsync(pump);
            return await inner.IsAliveAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await HopAsync(pump);
            await inner.DisposeAsync();
        }
    }

    private sealed class Reader(ISourceReader inner, SingleThreadPump pump) : ISourceReader
    {
        public long LengthBytes => inner.LengthBytes;

        public async ValueTask<IReadOnlyList<ByteRange>> GetAllocatedRangesAsync(CancellationToken cancellationToken)
        {
            await HopAsync(pump);
            return await inner.GetAllocatedRangesAsync(cancellationToken);
        }

        public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            await HopAsync(pump);
            return await inner.ReadAsync(offset, buffer, cancellationToken);
        }

        public async ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken)
        {
            await HopAsync(pump);
            return await inner.IsUnchangedAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await HopAsync(pump);
            await inner.DisposeAsync();
        }
    }
}
