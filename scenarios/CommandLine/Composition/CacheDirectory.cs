namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>Where this user's caches are: losing anything there costs time only.</summary>
internal static class CacheDirectory
{
    /// <summary>The directory of harness; it need not exist.</summary>
    public static string Path
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg
                : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : OperatingSystem.IsMacOS() ? System.IO.Path.Combine(home, "Library", "Caches")
                : System.IO.Path.Combine(home, ".cache");
            return System.IO.Path.Combine(root, "harness");
        }
    }
}
