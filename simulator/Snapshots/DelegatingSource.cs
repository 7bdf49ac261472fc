using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Simulator.Snapshots;

/// <summary>A data source that hands every call on, and puts something in front of the snapshots that it takes.</summary>
/// <param name="inner">The source behind it.</param>
/// <param name="inFront">What stands in front of a snapshot.</param>
public sealed class DelegatingSource(IDataSource inner, Func<ISnapshot, ISnapshot> inFront) : IDataSource
{
    /// <inheritdoc/>
    public string DefaultName => inner.DefaultName;

    /// <inheritdoc/>
    public ValueTask<VolumeInfo> DescribeAsync(CancellationToken cancellationToken) => inner.DescribeAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken) =>
        inFront(await inner.CreateSnapshotAsync(cancellationToken));
}
