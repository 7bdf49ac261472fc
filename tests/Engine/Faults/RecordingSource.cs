using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Snapshots;

namespace Harness.Tests.Engine.Faults;

/// <summary>Keeps the snapshots that were taken of a simulated source, to see that each is released.</summary>
internal sealed class RecordingSource(IDataSource inner, List<SimSnapshot> taken) : IDataSource
{
    public string DefaultName => inner.DefaultName;

    public ValueTask<VolumeInfo> DescribeAsync(CancellationToken cancellationToken) => inner.DescribeAsync(cancellationToken);

    public async ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken)
    {
        var snapshot = await inner.CreateSnapshotAsync(cancellationToken);
        taken.Add((SimSnapshot)snapshot);
        return snapshot;
    }
}
