using System.Security.Cryptography;

namespace Harness.Scenarios.Azurite;

/// <summary>The files of this folder that are compiled in, so that a packed tool has them too.</summary>
internal static class AzuriteResources
{
    public const string Package = "package.json";
    public const string Lock = "package-lock.json";
    private const string Watchdog = "azurite-watchdog.cjs";

    /// <summary>Names an installation: another lock file is another installation.</summary>
    public static string LockId { get; } =
        Convert.ToHexStringLower(SHA256.HashData([.. Read(Package), .. Read(Lock)]))[..16];

    public static string WatchdogScript => System.Text.Encoding.UTF8.GetString(Read(Watchdog));

    public static byte[] Read(string name)
    {
        using Stream stream = typeof(AzuriteResources).Assembly.GetManifestResourceStream($"Azurite/{name}")
            ?? throw new InvalidOperationException($"Resource Azurite/{name} is not compiled in.");
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
