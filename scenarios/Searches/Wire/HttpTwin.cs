using System.Collections.Concurrent;
using Harness.Engine.Azure;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Scenarios.Vaults.Wire;
using Harness.Simulator.Faults;
using Harness.Simulator.Kernel;
using Harness.Simulator.Processes;
using Harness.Simulator.Vaults;

namespace Harness.Scenarios.Searches.Wire;

/// <summary>
/// A real blob server beside the vault of a simulation: each call goes there over HTTP too, and the transport below the client's
/// retries makes it go wrong as in the model. Time limits run on a clock of their own, so that nobody waits for what hangs.
/// </summary>
internal sealed class HttpTwin : IVaultTwin, IAsyncDisposable
{
    private const string Probe = "probe";

    private readonly PinnedFault _fault = new();
    private readonly SimClock _clock = new();
    private readonly ConcurrentQueue<string> _misses = new();
    private readonly HttpFaults _faults;
    private IVault _vault = null!;

    private HttpTwin() => _faults = new HttpFaults(_fault, waitAsync: PassAsync);

    /// <summary>Calls that went over HTTP so far.</summary>
    public long Calls { get; private set; }

    /// <summary>Calls among them that went wrong there.</summary>
    public long Faults { get; private set; }

    /// <summary>Opens a twin in a container, which it makes. ArgumentInvalid when there is something in it.</summary>
    /// <param name="open">Opens the container with these options.</param>
    public static async Task<HttpTwin> OpenAsync(Func<AzureVaultOptions, Task<IVault>> open)
    {
        var twin = new HttpTwin();
        twin._vault = await open(new AzureVaultOptions
        {
            MaxRetries = 1,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            MaxRetryDelay = TimeSpan.FromMilliseconds(2),
            Clock = twin._clock,
            WrapTransport = twin._faults.Wrap,
        });
        if (await twin._vault.ListAsync("", CancellationToken.None).AnyAsync())
        {
            var name = twin._vault.DisplayName;
            await twin._vault.DisposeAsync();
            throw new BackupException(
                ErrorCode.ArgumentInvalid, $"The vault {name} is not empty, and a case is to begin in an empty one.", "Name another container.");
        }

        // The container is made by the first creation, which is none of the case's.
        await twin._vault.CreateAsync(Probe, new byte[1], CancellationToken.None);
        await twin._vault.DeleteAsync(Probe, CancellationToken.None);
        return twin;
    }

    /// <inheritdoc/>
    public string Call(string operation, string key, FaultKind? fault, Func<IVault, ValueTask<string>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        _fault.Pin(fault);
        Calls++;
        Faults += fault is null ? 0 : 1;
        try
        {
            // On threads of the pool, so that nothing comes back to the simulation's behind its back.
            return Task.Run(() => call(_vault).AsTask()).GetAwaiter().GetResult();
        }
        catch (BackupException error)
        {
            return error.Code.ToString();
        }
        finally
        {
            foreach (var asked in _fault.Asked.Where(asked => asked != (operation, key)).Distinct())
            {
                _misses.Enqueue($"{operation} {key} was {asked.Operation} {asked.Key} on the wire");
            }

            _fault.Pin(null);
            _faults.Heal();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Differences(MemoryVaultStore model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Task.Run(() => DifferencesAsync(model.Snapshot())).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _vault.DisposeAsync();

    private async Task<IReadOnlyList<string>> DifferencesAsync(SortedDictionary<string, byte[]> model)
    {
        var differences = _misses.Select(miss => $"service: {miss}").ToList();
        var stored = await _vault.ListAsync("", CancellationToken.None).ToListAsync();
        differences.AddRange(model.Keys.Except(stored.Select(blob => blob.Name), StringComparer.Ordinal).Select(name => $"service: {name} is missing"));
        foreach (var blob in stored)
        {
            if (!model.TryGetValue(blob.Name, out var expected))
            {
                differences.Add($"service: {blob.Name} is too much");
            }
            else if (!(await _vault.ReadAsync(blob.Name, int.MaxValue, CancellationToken.None)).AsSpan().SequenceEqual(expected))
            {
                differences.Add($"service: {blob.Name} has other bytes");
            }
        }

        return differences;
    }

    /// <summary>Passes time on the clock of the time limits, which ends what has waited too long.</summary>
    private Task PassAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        _clock.Advance(time);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.CompletedTask;
    }
}
