namespace Harness.Simulator.Snapshots.Vss;

/// <summary>Limits of the provider, as Windows documents them.</summary>
public sealed record VssOptions
{
    /// <summary>
    /// Longest time for all writers to freeze, and from a writer's freeze to its thaw (CVssWriter::Initialize: 60 s).
    /// </summary>
    public TimeSpan FreezeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time that writes of the file system are held while the set is committed (10 s).</summary>
    public TimeSpan HoldLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time for one writer to thaw.</summary>
    public TimeSpan ThawLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Most snapshots of one volume (64 that clients can see).</summary>
    public int MaxSnapshotsPerVolume { get; init; } = 64;

    /// <summary>What the provider does while writes are held, before it commits; null is nothing, at once. May hang or throw.</summary>
    public Func<CancellationToken, ValueTask>? OnHold { get; init; }
}
