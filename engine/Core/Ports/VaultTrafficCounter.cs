namespace Harness.Engine.Ports;

/// <summary>Adds up the traffic of one vault object. Safe for concurrent calls.</summary>
public sealed class VaultTrafficCounter
{
    private long _requests;
    private long _sentBytes;
    private long _receivedBytes;
    private long _storedBytes;

    /// <summary>The sums up to now.</summary>
    public VaultTraffic Total => new(
        Interlocked.Read(ref _requests),
        Interlocked.Read(ref _sentBytes),
        Interlocked.Read(ref _receivedBytes),
        Interlocked.Read(ref _storedBytes));

    /// <summary>Counts one request.</summary>
    public void AddRequest() => Interlocked.Increment(ref _requests);

    /// <summary>Counts bytes that were sent.</summary>
    public void AddSent(long bytes) => Interlocked.Add(ref _sentBytes, bytes);

    /// <summary>Counts bytes that were received.</summary>
    public void AddReceived(long bytes) => Interlocked.Add(ref _receivedBytes, bytes);

    /// <summary>Counts the content bytes of a blob that was created.</summary>
    public void AddStored(long bytes) => Interlocked.Add(ref _storedBytes, bytes);
}
