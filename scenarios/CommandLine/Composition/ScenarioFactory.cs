using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>Puts the runner together: vaults by name and the executor of cells.</summary>
internal static class ScenarioFactory
{
    /// <summary>A runner on the real parts.</summary>
    public static ScenarioRunner CreateRunner(Terminal terminal) =>
        new(name => throw new BackupException(ErrorCode.PlatformUnsupported, "stub " + name + terminal), null!);
}
