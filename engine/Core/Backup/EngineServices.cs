using Harness.Engine.Ports;
using Harness.Engine.Tables;

namespace Harness.Engine.Backup;

/// <summary>What every job needs and must not reach for itself. The composer chooses; a simulation passes its own.</summary>
/// <param name="Clock">All time.</param>
/// <param name="Random">All randomness.</param>
/// <param name="Work">Where computation runs.</param>
/// <param name="Progress">Who is told.</param>
public sealed record EngineServices(TimeProvider Clock, IRandomSource Random, IWorkPool Work, IProgressSink Progress)
{
    /// <summary>
    /// How the logical thread waits where nothing is left to do until a task ends, which it must not throw for. A process of one job
    /// may block it: that spares a short run the suspending of every method below. Null suspends.
    /// </summary>
    public Action<Task>? Idle { get; init; }

    /// <summary>
    /// Where a restore, comparison, check or prune, which have no scratch location of their own, put tables that exceed <see cref="WorkMemoryBytes"/>;
    /// what they put there is deleted when they end. Null keeps everything in memory.
    /// </summary>
    public IScratch? WorkLocation { get; init; }

    /// <summary>Bytes of temporary tables that a job without a scratch location keeps in memory before that; default 64 MiB.</summary>
    public long WorkMemoryBytes { get; init; } = TemporaryScratch.DefaultBytes;
}
