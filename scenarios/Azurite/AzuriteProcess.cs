using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Harness.Engine.Errors;

namespace Harness.Scenarios.Azurite;

/// <summary>
/// A running Azurite blob service on 127.0.0.1, its data in memory, with a random account of its own. It ends when this
/// object is disposed, and also when this process ends in any other way: it watches the pipe that this process holds.
/// Data is never kept on disk: that mode loses acknowledged writes when it is killed, and an aborted upload there can
/// overwrite other blobs. Safe for concurrent calls.
/// </summary>
public sealed partial class AzuriteProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly OutputTail _tail;
    private int _ended;

    private AzuriteProcess(Process process, OutputTail tail, Uri service, string account, string key)
    {
        _process = process;
        _tail = tail;
        Endpoint = new Uri($"{service.GetLeftPart(UriPartial.Authority)}/{account}");
        AccountName = account;
        AccountKey = key;
    }

    /// <summary>The blob service of the account: <c>http://127.0.0.1:PORT/ACCOUNT</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>The account.</summary>
    public string AccountName { get; }

    /// <summary>The account's key in base64; worth nothing beyond this machine and this run.</summary>
    public string AccountKey { get; }

    /// <summary>The connection string that any Azure tool takes.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};BlobEndpoint={Endpoint};";

    /// <summary>The process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => Volatile.Read(ref _ended) != 0 || _process.HasExited;

    /// <summary>The last lines that it printed.</summary>
    public string Output => _tail.ToString();

    /// <summary>Completes when the process has ended.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>
    /// Starts it and waits until it listens. AzuritePortTaken when the port is in use, AzuriteStartFailed with the last
    /// output otherwise, NodeMissing when node cannot be run.
    /// </summary>
    /// <param name="installation">What to run.</param>
    /// <param name="port">The TCP port, or 0 for a free one.</param>
    /// <param name="cancellationToken">Stops the start, and the process with it.</param>
    public static async Task<AzuriteProcess> StartAsync(
        AzuriteInstallation installation, int port, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(installation);
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        string account = "harness" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        Process process = ChildProcess.Start(StartInfo(installation, port, account, key))
            ?? throw NodeLocator.Missing($"'{installation.NodePath}' cannot be run");
        OutputTail tail = new();
        try
        {
            return new(process, tail, await WaitUntilReadyAsync(process, tail, port, cancellationToken), account, key);
        }
        catch
        {
            await EndAsync(process);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            await EndAsync(_process);
        }
    }

    private static ProcessStartInfo StartInfo(AzuriteInstallation installation, int port, string account, string key)
    {
        ProcessStartInfo start = new(installation.NodePath)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string[] arguments =
        [
            "-e", AzuriteResources.WatchdogScript, "azurite-watchdog", installation.MainScript,
            "--blobHost", "127.0.0.1", "--blobPort", port.ToString(), "--inMemoryPersistence", "--silent",
            "--disableTelemetry", "--skipApiVersionCheck",
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["AZURITE_ACCOUNTS"] = $"{account}:{key}";
        // Options meant for the user's own Node programs, such as a debugger port, would break this one.
        start.Environment.Remove("NODE_OPTIONS");
        return start;
    }

    private static async Task<Uri> WaitUntilReadyAsync(
        Process process, OutputTail tail, int port, CancellationToken cancellationToken)
    {
        TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        tail.Attach(process, line =>
        {
            if (ListeningLine().Match(line) is { Success: true } match)
            {
                listening.TrySetResult(new Uri(match.Groups["url"].Value));
            }
        });

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartTimeout);
        try
        {
            Task exited = process.WaitForExitAsync(limit.Token);
            if (await Task.WhenAny(listening.Task, exited) == listening.Task)
            {
                return await listening.Task;
            }

            await exited;
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed($"did not listen within {StartTimeout.TotalSeconds:0} s", tail);
        }

        throw tail.ToString().Contains("EADDRINUSE", StringComparison.Ordinal)
            ? new BackupException(
                ErrorCode.AzuritePortTaken,
                $"Azurite cannot listen on 127.0.0.1:{port}: the port is taken.",
                "Stop what uses the port, name another one, or use port 0 for a free one.")
            : Failed($"ended with exit code {process.ExitCode}", tail);
    }

    private static BackupException Failed(string what, OutputTail tail) => new(
        ErrorCode.AzuriteStartFailed,
        $"Azurite {what}. Its last output:{Environment.NewLine}{tail}",
        "Delete the installation to have it made again, or run on the embedded vault: --vault memory.");

    /// <summary>Closing its input ends it at once; a process that does not obey is killed.</summary>
    private static async Task EndAsync(Process process)
    {
        using (process)
        {
            try
            {
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It is gone already, and the pipe with it.
            }

            using CancellationTokenSource limit = new(StopTimeout);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    [GeneratedRegex(@"successfully listen\w* (on|at) (?<url>https?://\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListeningLine();
}
