using System.Diagnostics;

namespace Harness.Perf.Counters;

/// <summary>
/// Runs this program again without tiered compilation. With it, a method that is compiled a second time may keep objects on
/// the stack that it allocated before, and allocations then depend on timing (measured: 10 %; without it: 0).
/// </summary>
internal static class SettledProcess
{
    private const string Switch = "DOTNET_TieredCompilation";

    /// <summary>Whether this process runs so already.</summary>
    public static bool IsThis => Environment.GetEnvironmentVariable(Switch) == "0";

    /// <summary>Runs the same command line in a child that shares the standard streams; returns its exit code.</summary>
    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // The program is either its own host, or an assembly that "dotnet" runs; the first argument is the assembly then.
        var arguments = Environment.GetCommandLineArgs();
        var host = Environment.ProcessPath!;
        var isMuxer = Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(host, isMuxer ? arguments : arguments[1..]) { UseShellExecute = false };
        start.Environment[Switch] = "0";
        using var child = Process.Start(start)!;
        await child.WaitForExitAsync(cancellationToken);
        return child.ExitCode;
    }
}
