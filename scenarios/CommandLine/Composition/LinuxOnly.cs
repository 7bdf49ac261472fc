using Harness.Engine.Errors;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>Says clearly what this version does on Linux only.</summary>
internal static class LinuxOnly
{
    /// <summary>PlatformUnsupported elsewhere.</summary>
    public static void Require(string what)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BackupException(
                ErrorCode.PlatformUnsupported,
                $"{what} work on Linux only in this version.",
                "Run harness on Linux, or in the Windows Subsystem for Linux; 'harness run --vault memory' works everywhere.");
        }
    }
}
