using System.Diagnostics;
using NUnit.Framework;

namespace Harness.Tests.Support;

/// <summary>
/// A program of the system that some tests need. Where it is not installed they are ignored, and with HARNESS_REQUIRE_SYSTEM=1
/// they fail.
/// </summary>
internal static class SystemTool
{
    /// <summary>Ignores the test, or fails, where a program is missing.</summary>
    internal static void Require(params ReadOnlySpan<string> tools)
    {
        foreach (var tool in tools)
        {
            if (Find(tool) is not null)
            {
                continue;
            }

            if (Environment.GetEnvironmentVariable("HARNESS_REQUIRE_SYSTEM") == "1")
            {
                Assert.Fail($"'{tool}' is required here (build/install-system-packages.sh).");
            }

            Assert.Ignore($"'{tool}' is not installed (build/install-system-packages.sh).");
        }
    }

    /// <summary>What a program prints; the test fails when it fails.</summary>
    internal static async Task<string> RunAsync(string tool, params string[] arguments)
    {
        var (exit, output, error) = await TryAsync(tool, arguments);
        Assert.That(exit, Is.Zero, $"{tool} {string.Join(' ', arguments)}\n{error}");
        return output;
    }

    /// <summary>How a program ended and what it printed, in English and in UTC.</summary>
    internal static async Task<(int Exit, string Output, string Error)> TryAsync(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(tool) ?? tool, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["TZ"] = "UTC";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }

    private static string? Find(string tool) =>
        new[] { "/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin" }
            .Select(folder => Path.Combine(folder, tool))
            .FirstOrDefault(File.Exists);
}
