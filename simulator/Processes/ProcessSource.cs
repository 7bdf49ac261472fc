using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Faults;

namespace Harness.Simulator.Processes;

/// <summary>The source as one process reaches it, with its snapshots: FAULT_MODEL.md section 2, "Source" and "Snapshot provider".</summary>
/// <param name="process">Whose calls these are.</param>
/// <param name="inner">The source.</param>
/// <param name="disk">What is wrong with its disk, over runs.</param>
public sealed class ProcessSource(SimProcess process, IDataSource inner, SimSourceDisk disk) : IDataSource
{
    /// <inheritdoc/>
    public string DefaultName => inner.DefaultName;

    /// <inheritdoc/>
    public ValueTask<VolumeInfo> DescribeAsync(CancellationToken cancellationToken) =>
        process.CallAsync("source.describe", "-", _ => inner.DescribeAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken) => process.CallAsync(
        "snapshot.take",
        "-",
        async fault => fault == FaultKind.Refused
            ? throw new BackupException(ErrorCode.SnapshotFailed, $"No snapshot of '{inner.DefaultName}': a writer failed (simulated).")
            : (ISnapshot)new ProcessSnapshot(process, await inner.CreateSnapshotAsync(cancellationToken), disk),
        cancellationToken);
}
