using Harness.Engine.Model;

namespace Harness.Simulator.Snapshots.Vss;

/// <summary>Snapshots of several volumes at one moment.</summary>
/// <param name="Id">Id of the set.</param>
/// <param name="CreatedAt">The moment, by the provider's clock.</param>
/// <param name="Snapshots">One a volume, in the order asked for.</param>
/// <param name="Writers">What became of each writer.</param>
/// <param name="Consistency">
/// Application when every writer agreed, FileSystem when one failed or hung, Crash without writers.
/// </param>
public sealed record VssSnapshotSet(
    Guid Id,
    DateTimeOffset CreatedAt,
    IReadOnlyList<VssSnapshot> Snapshots,
    IReadOnlyList<VssWriterStatus> Writers,
    ConsistencyLevel Consistency);
