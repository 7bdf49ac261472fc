using Harness.Engine.Backup;
using Harness.Engine.Local.Runtime;
using Harness.Engine.Local.Scratch;
using Harness.Engine.Ports;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>Gives the engine the real clock, the system's randomness and the thread pool.</summary>
internal static class EngineFactory
{
    private const string WorkKey = "work";

    /// <summary>Services for one job of this process.</summary>
    /// <param name="progress">Who is told.</param>
    /// <param name="workers">Computations at once; null takes the number of processors.</param>
    public static EngineServices Create(IProgressSink progress, int? workers = null) => new(
        TimeProvider.System,
        new SystemRandomSource(),
        workers is { } width ? new ThreadPoolWorkPool(width) : new ThreadPoolWorkPool(),
        progress)
    {
        // The command has one job, and its thread nothing else to do.
        Idle = static task => _ = task.IsCompleted || Task.WaitAny(task) == 0,

        // Made when something is put there; whatever is, is deleted when the job ends.
        WorkLocation = OperatingSystem.IsLinux() ? new LocalScratch(LocalScratch.DefaultPath(WorkKey)) : null,
    };
}
