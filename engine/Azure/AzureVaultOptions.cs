namespace Harness.Engine.Azure;

/// <summary>How patient an <see cref="AzureBlobVault"/> is. Immutable.</summary>
public sealed record AzureVaultOptions
{
    /// <summary>Tries after the first one for transient faults (408, 429, 500, 502-504, lost connections). Default 5.</summary>
    public int MaxRetries { get; init; } = 5;

    /// <summary>Pause before the first retry; doubles each time, with jitter. A Retry-After is obeyed. Default 0.4 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>The longest pause. Default 10 s.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for one TCP connection. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for one try, to which the time for its bytes at <see cref="SlowestBytesPerSecond"/> is added. Default 30 s.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time for one call with all its tries, to which the time for its bytes is added for each try. Default 2 min.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The slowest line that still counts as working, in bytes per second. Default 64 KiB/s.</summary>
    public int SlowestBytesPerSecond { get; init; } = 64 * 1024;

    /// <summary>Whether the first blob may create the container. Default true.</summary>
    public bool CreateContainer { get; init; } = true;

    /// <summary>
    /// Wraps the HTTP handler that talks to the wire: for faults and recording. Every try passes it and is counted above it.
    /// </summary>
    public Func<HttpMessageHandler, HttpMessageHandler>? WrapTransport { get; init; }

    /// <summary>The clock of the call timeout.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal TimeSpan TryTimeoutFor(long bytes) => TryTimeout + TimeFor(bytes);

    internal TimeSpan CallTimeoutFor(long bytes) => CallTimeout + (TimeFor(bytes) * (1 + MaxRetries));

    private TimeSpan TimeFor(long bytes) => TimeSpan.FromSeconds((double)bytes / SlowestBytesPerSecond);
}
