using System.Reflection;
using Harness.Tests.Architecture;
using Microsoft.Playwright;
using NUnit.Framework;

namespace Harness.Tests.Pages;

/// <summary>
/// A headless Chromium of the system, driven by Playwright. Where there is none the tests that need one are ignored with the
/// reason, and with HARNESS_REQUIRE_SYSTEM=1 they fail. HARNESS_CHROMIUM names another program.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    /// <summary>Where screenshots are kept for people and for CI.</summary>
    public static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(SourceTree.Root, "TestResults", "page")).FullName;

    public static async Task<Browser> StartAsync()
    {
        var program = Find() ?? Missing();
        UseDriverOfPackage();
        var playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = Arguments }));
    }

    /// <summary>Opens a page from disk without any network, waits until it can be used, and notes every error and request.</summary>
    public async Task<OpenPage> OpenAsync(string file, string address = "", ColorScheme theme = ColorScheme.Light, int width = 1400)
    {
        var context = await _browser.NewContextAsync(new()
        {
            Offline = true,
            ColorScheme = theme,
            ViewportSize = new() { Width = width, Height = 900 },
            ReducedMotion = ReducedMotion.Reduce,
        });
        var opened = new OpenPage(context, await context.NewPageAsync());
        await opened.GoAsync($"file://{file}#{address}");
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static string? Find() => Environment.GetEnvironmentVariable("HARNESS_CHROMIUM") is { Length: > 0 } named
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    private static string Missing()
    {
        const string Why = "No Chromium is installed (build/install-system-packages.sh chromium, or HARNESS_CHROMIUM=PROGRAM).";
        if (Environment.GetEnvironmentVariable("HARNESS_REQUIRE_SYSTEM") == "1")
        {
            Assert.Fail(Why);
        }

        Assert.Ignore(Why);
        return "";
    }

    /// <summary>The driver where NuGet keeps it; a package holds no permissions, so its Node.js is made executable once.</summary>
    private static void UseDriverOfPackage()
    {
        var package = typeof(Browser).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "PlaywrightPackage").Value!;
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", package);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var node in Directory.GetFiles(Path.Combine(package, ".playwright", "node"), "node", SearchOption.AllDirectories))
        {
            var mode = File.GetUnixFileMode(node);
            if (!mode.HasFlag(UnixFileMode.UserExecute))
            {
                File.SetUnixFileMode(node, mode | UnixFileMode.UserExecute);
            }
        }
    }
}
