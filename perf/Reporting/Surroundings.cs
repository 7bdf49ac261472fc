using System.Globalization;
using System.Runtime.InteropServices;

namespace Harness.Perf.Reporting;

/// <summary>Under which circumstances something was measured. Says what kind of machine it was, never which one.</summary>
/// <param name="MeasuredAt">When, UTC, to the second.</param>
/// <param name="OperatingSystem">Kind of operating system and architecture.</param>
/// <param name="Processors">Processors that this process may use.</param>
/// <param name="MemoryGiB">Memory that this process may use.</param>
/// <param name="Runtime">Version of .NET.</param>
/// <param name="Engine">Version of the engine.</param>
/// <param name="Configuration">Release, or Debug, whose times mean nothing.</param>
/// <param name="Command">The command that was run.</param>
internal sealed record Surroundings(
    string MeasuredAt,
    string OperatingSystem,
    int Processors,
    double MemoryGiB,
    string Runtime,
    string Engine,
    string Configuration,
    string Command)
{
#if DEBUG
    private const string BuiltAs = "Debug";
#else
    private const string BuiltAs = "Release";
#endif

    /// <summary>Looks around.</summary>
    public static Surroundings Now(string command) => new(
        DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        $"{PlatformName()} {RuntimeInformation.ProcessArchitecture}",
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
        Environment.Version.ToString(),
        typeof(Harness.Engine.Errors.BackupException).Assembly.GetName().Version?.ToString(3) ?? "unknown",
        BuiltAs,
        command);

    private static string PlatformName() =>
        System.OperatingSystem.IsWindows() ? "Windows" : System.OperatingSystem.IsMacOS() ? "macOS" : "Linux";
}
