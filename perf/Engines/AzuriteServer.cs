using System.Diagnostics;
using System.Text.RegularExpressions;
using Azure.Storage;
using Azure.Storage.Sas;
using Harness.Engine.Errors;

namespace Harness.Perf.Engines;

/// <summary>
/// An Azurite of its own for one comparison, started by the published program's <c>azurite</c> verb: perf references no other
/// program. Its data is in memory; it ends when this object is disposed.
/// </summary>
internal sealed partial class AzuriteServer : IDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);
    private readonly Process _process;

    private AzuriteServer(Process process, string connectionString)
    {
        _process = process;
        ConnectionString = connectionString;
        var parts = connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        (Account, Key, Endpoint) = (parts["AccountName"], parts["AccountKey"], parts["BlobEndpoint"].TrimEnd('/'));
    }

    public string ConnectionString { get; }

    public string Account { get; }

    public string Key { get; }

    /// <summary>The blob service of the account.</summary>
    public string Endpoint { get; }

    /// <summary>Starts one and waits until it tells how to reach it.</summary>
    public static AzuriteServer Start(string program)
    {
        var start = new ProcessStartInfo(program, ["azurite"]) { RedirectStandardOutput = true, UseShellExecute = false };
        var process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (ConnectionLine().Match(line) is { Success: true } match)
            {
                return new AzuriteServer(process, match.Groups["connection"].Value);
            }
        }

        process.WaitForExit();
        throw new BackupException(
            ErrorCode.AzuriteStartFailed, $"'{program} azurite' ended with exit code {process.ExitCode}.", "Run it by hand to see why.");
    }

    /// <summary>A shared access signature for everything in the account, for a day.</summary>
    public string Sign()
    {
        var builder = new AccountSasBuilder(
            AccountSasPermissions.All, DateTimeOffset.UtcNow.AddDays(1), AccountSasServices.Blobs, AccountSasResourceTypes.All)
        {
            Protocol = SasProtocol.HttpsAndHttp,
        };
        return builder.ToSasQueryParameters(new StorageSharedKeyCredential(Account, Key)).ToString();
    }

    public void Dispose()
    {
        using (_process)
        {
            // The verb's own way out is this signal, which lets it stop Azurite and take back its announcement.
            using var interrupt = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            interrupt.WaitForExit();
            if (!_process.WaitForExit(StopTimeout))
            {
                _process.Kill(entireProcessTree: true);
            }
        }
    }

    [GeneratedRegex("AZURE_STORAGE_CONNECTION_STRING='(?<connection>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ConnectionLine();
}
