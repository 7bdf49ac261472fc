using Harness.Engine.Backup;
using Harness.Engine.Local.Runtime;
using Harness.Engine.Ports;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>Gives the engine the real clock, the system's randomness and the thread pool.</summary>
internal static class EngineFactory
{
    /// <summary>Services for one job of this process.</summary>
    public static EngineServices Create(IProgressSink progress) =>
        new(TimeProvider.System, new SystemRandomSource(), new ThreadPoolWorkPool(), progress);
}
