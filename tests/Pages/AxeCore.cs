using System.Security.Cryptography;
using Harness.Tests.Architecture;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Pages;

/// <summary>
/// axe-core, the accessibility checks of package-lock.json, kept in the cache after its first use. Where npm cannot get it the
/// test is ignored with the reason, and with HARNESS_REQUIRE_SYSTEM=1 it fails.
/// </summary>
internal static class AxeCore
{
    /// <summary>The script.</summary>
    public static async Task<string> LoadAsync()
    {
        var folder = Path.Combine(SourceTree.Root, "tests", "Pages");
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, "package-lock.json"))))[..16];
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var place = Path.Combine(cache, "harness", "axe", hash);
        var script = Path.Combine(place, "node_modules", "axe-core", "axe.min.js");
        if (!File.Exists(script))
        {
            await InstallAsync(folder, place);
        }

        return await File.ReadAllTextAsync(script);
    }

    private static async Task InstallAsync(string folder, string place)
    {
        SystemTool.Require("npm");
        Directory.CreateDirectory(place);
        foreach (var name in new[] { "package.json", "package-lock.json" })
        {
            File.Copy(Path.Combine(folder, name), Path.Combine(place, name), overwrite: true);
        }

        var (exit, _, error) = await SystemTool.TryAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", place);
        if (exit == 0)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("HARNESS_REQUIRE_SYSTEM") == "1")
        {
            Assert.Fail($"npm cannot get axe-core: {error}");
        }

        Assert.Ignore($"npm cannot get axe-core: {error}");
    }
}
