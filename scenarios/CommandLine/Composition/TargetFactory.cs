using Harness.Engine.Local.Targets;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>Opens the place that a restore writes to.</summary>
internal static class TargetFactory
{
    /// <summary>A directory of this machine, with a thread for each writer; the caller disposes it.</summary>
    public static LocalRestoreTarget Open(string directory, int writersAtOnce)
    {
        LinuxOnly.Require("Restores to a directory");
        return new LocalRestoreTarget(directory, writersAtOnce);
    }
}
