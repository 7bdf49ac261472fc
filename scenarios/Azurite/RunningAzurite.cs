using System.Net.Sockets;
using System.Text.Json;

namespace Harness.Scenarios.Azurite;

/// <summary>
/// The Azurite that <c>harness azurite</c> keeps running, as other commands of the same user find it: a small file in the
/// cache folder, readable by its owner only. A file that a killed process left behind is noticed, since nobody listens.
/// </summary>
/// <param name="Endpoint">The blob service of its account.</param>
/// <param name="AccountName">The account.</param>
/// <param name="AccountKey">The account's key in base64.</param>
public sealed record RunningAzurite(Uri Endpoint, string AccountName, string AccountKey)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Tells other commands of this one until the result is disposed. The latest to start is the one found.</summary>
    public static IDisposable Announce(AzuriteSettings settings, AzuriteProcess azurite)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(azurite);
        var text = JsonSerializer.Serialize(new RunningAzurite(azurite.Endpoint, azurite.AccountName, azurite.AccountKey));
        Directory.CreateDirectory(settings.CacheRoot);
        var path = PathOf(settings);
        var fresh = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(fresh, options))
        {
            writer.Write(text);
        }

        File.Move(fresh, path, overwrite: true);
        return new Announcement(path, text);
    }

    /// <summary>The running one, or null when there is none that answers.</summary>
    public static async Task<RunningAzurite?> FindAsync(AzuriteSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        try
        {
            var text = await File.ReadAllTextAsync(PathOf(settings), cancellationToken);
            if (JsonSerializer.Deserialize<RunningAzurite>(text) is not { Endpoint.IsLoopback: true } running)
            {
                return null;
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(ConnectTimeout);
            using var probe = new TcpClient();
            await probe.ConnectAsync(running.Endpoint.Host, running.Endpoint.Port, limit.Token);
            return running;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or SocketException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static string PathOf(AzuriteSettings settings) => Path.Join(settings.CacheRoot, "running.json");

    private sealed class Announcement(string path, string text) : IDisposable
    {
        public void Dispose()
        {
            // Another one may have been started since; its announcement stays.
            if (File.Exists(path) && File.ReadAllText(path) == text)
            {
                File.Delete(path);
            }
        }
    }
}
