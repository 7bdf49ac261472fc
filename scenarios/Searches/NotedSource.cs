using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches;

/// <summary>Remembers the volume as the last snapshot that was taken shows it.</summary>
internal sealed class NotedSource(SimDataSource inner) : IDataSource
{
    public string DefaultName => inner.DefaultName;

    public VolumeSnapshot? Last { get; private set; }

    public ValueTask<VolumeInfo> DescribeAsync(CancellationToken cancellationToken) => inner.DescribeAsync(cancellationToken);

    public async ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken)
    {
        var snapshot = await inner.CreateSnapshotAsync(cancellationToken);
        Last = ((SimSnapshot)snapshot).Volume;
        return snapshot;
    }
}
