using Harness.Engine.Errors;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Restore;

/// <summary>What goes wrong in a simulated restore target, in the engine's words.</summary>
internal static class SimTargetErrors
{
    /// <summary>Runs an operation; what breaks a rule of the file system is trouble with that entry only.</summary>
    internal static T Translate<T>(string path, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (BackupException error) when (error.Code == ErrorCode.VolumeOperationInvalid)
        {
            throw Refused(path, error.Message, error);
        }
    }

    /// <summary>Refuses a name that the volume would take for something else, or not at all, before anything is written.</summary>
    internal static void RequireExpressible(SimVolume volume, string path, string name)
    {
        var reason = name.Contains(':', StringComparison.Ordinal) ? "':' begins the name of a stream"
            : !volume.Settings.HasWindowsRules ? WindowsNames.WhyInvalidAnywhere(name)
            : WindowsNames.WhyInvalidExtended(name);
        if (reason is not null)
        {
            throw Refused(path, reason);
        }
    }

    /// <summary>Something on the way is a reparse point.</summary>
    internal static BackupException Escape(string path, string place) => new(
        ErrorCode.TargetEscape,
        $"'{path}' would be written through the reparse point '{place}'.",
        "Restore into an empty directory.");

    private static BackupException Refused(string path, string reason, Exception? inner = null) => new(
        ErrorCode.TargetEntryRefused,
        $"The restore target cannot hold '{path}': {reason.TrimEnd('.')}.",
        "Restore to a file system that allows it, or leave the entry out.",
        inner: inner);
}
