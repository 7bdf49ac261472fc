using Harness.Simulator.Faults;

namespace Harness.Scenarios.Vaults.Wire;

/// <summary>
/// The faults of the vault on their way over HTTP: the rules of FAULT_MODEL.md section 2 (`vault.*`), addressed in the same way, done to
/// the requests of a real client to a real server. One call of the port is one attempt, with all its retries: a fault that a retry heals
/// is none to the engine, and so it would not be the same as in a simulation. Give <see cref="Wrap"/> to
/// <see cref="Engine.Azure.AzureVaultOptions.WrapTransport"/>. Safe for concurrent requests; the source is asked one at a time.
/// </summary>
/// <param name="source">Who decides about each call.</param>
/// <param name="isAccountInPath">Whether URLs hold the account in their path, as those of emulators do.</param>
/// <param name="waitAsync">How hanging and being slow pass the time; null waits really.</param>
internal sealed class HttpFaults(
    IFaultSource source, bool isAccountInPath = true, Func<TimeSpan, CancellationToken, Task>? waitAsync = null)
{
    /// <summary>Calls that are remembered: far more than there are at once.</summary>
    private const int MostCalls = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, FaultKind?> _calls = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private bool _isDenied;
    private bool _isFull;

    /// <summary>Puts the faults in front of what talks to the server.</summary>
    public HttpMessageHandler Wrap(HttpMessageHandler inner) => new FaultHandler(inner, this);

    /// <summary>Ends the conditions that sticky faults have left.</summary>
    public void Heal()
    {
        lock (_lock)
        {
            (_isDenied, _isFull) = (false, false);
        }
    }

    /// <summary>What a request is about; null where it is no call of the port.</summary>
    public HttpAddress? AddressOf(HttpRequestMessage request) => HttpAddress.Of(request, isAccountInPath);

    /// <summary>How a request goes wrong; null is not at all.</summary>
    public FaultKind? Of(HttpRequestMessage request)
    {
        if (AddressOf(request) is not { } address)
        {
            return null;
        }

        lock (_lock)
        {
            var fault = _isDenied ? FaultKind.Denied : Decide(request, address);
            _isDenied |= fault == FaultKind.Denied;
            _isFull |= fault == FaultKind.Full;
            return _isFull && address.Operation == "vault.create" && fault is not (FaultKind.Refused or FaultKind.Hang or FaultKind.Denied)
                ? FaultKind.Full
                : fault;
        }
    }

    /// <summary>Passes time.</summary>
    public Task WaitAsync(TimeSpan time, CancellationToken cancellationToken) =>
        waitAsync is null ? Task.Delay(time, cancellationToken) : waitAsync(time, cancellationToken);

    private FaultKind? Decide(HttpRequestMessage request, HttpAddress address)
    {
        var id = IdOf(request, address);
        if (_calls.TryGetValue(id, out var fault))
        {
            return fault;
        }

        fault = source.Next(address.Operation, address.Key);
        _calls.Add(id, fault);
        _order.Enqueue(id);
        if (_order.Count > MostCalls)
        {
            _calls.Remove(_order.Dequeue());
        }

        return fault;
    }

    /// <summary>The client gives all tries of a call one id, but the rest of a body that broke off a new one.</summary>
    private string IdOf(HttpRequestMessage request, HttpAddress address)
    {
        if (HttpAddress.IsContinuation(request) && _order.LastOrDefault(id => id.EndsWith(' ' + address.Key, StringComparison.Ordinal)) is { } begun)
        {
            return begun;
        }

        var id = request.Headers.TryGetValues("x-ms-client-request-id", out var values) ? values.First() : Guid.NewGuid().ToString();
        return $"{id} {address.Key}";
    }
}
