using System.Runtime.CompilerServices;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Simulator.Faults;
using Harness.Simulator.Vaults;

namespace Harness.Simulator.Processes;

/// <summary>The vault as one process reaches it: FAULT_MODEL.md section 2, "Vault".</summary>
/// <param name="process">Whose calls these are.</param>
/// <param name="service">The vault.</param>
public sealed class ProcessVault(SimProcess process, SimVaultService service) : IVault
{
    private readonly MemoryVault _inner = new(service.Store);

    /// <inheritdoc/>
    public string DisplayName => "simulated";

    /// <inheritdoc/>
    public VaultTraffic Traffic => _inner.Traffic;

    /// <inheritdoc/>
    public ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => CallAsync(
        "vault.create",
        name,
        async fault =>
        {
            if (service.IsFull |= fault == FaultKind.Full)
            {
                throw new BackupException(ErrorCode.VaultFull, $"The vault has no room for '{name}' (simulated).");
            }

            Unless(fault, name, FaultKind.Partial);
            var created = await _inner.CreateAsync(name, content, cancellationToken);
            created = fault == FaultKind.Duplicate ? await _inner.CreateAsync(name, content, cancellationToken) : created;
            Unless(fault, name, FaultKind.LostAck);
            return created;
        },
        async twin => TwinAnswer.Of(await twin.CreateAsync(name, content, cancellationToken)),
        TwinAnswer.Of,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken) => CallAsync(
        "vault.read",
        name,
        async fault =>
        {
            var content = await _inner.ReadAsync(name, maxBytes, cancellationToken);
            Unless(fault, name, FaultKind.Partial);
            Flip(fault, name, content);
            return content;
        },
        async twin => TwinAnswer.Of(await twin.ReadAsync(name, maxBytes, cancellationToken)),
        static content => TwinAnswer.Of(content),
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> ReadRangeAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken) => CallAsync(
        "vault.read-range",
        name,
        async fault =>
        {
            var count = await _inner.ReadRangeAsync(name, offset, buffer, cancellationToken);
            Unless(fault, name, FaultKind.Partial);
            Flip(fault, name, buffer.Span[..count]);
            return count;
        },
        async twin =>
        {
            var read = new byte[buffer.Length];
            return TwinAnswer.Of(read.AsSpan(0, await twin.ReadRangeAsync(name, offset, read, cancellationToken)));
        },
        count => TwinAnswer.Of(buffer.Span[..count]),
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) => CallAsync(
        "vault.length",
        name,
        _ => _inner.GetLengthAsync(name, cancellationToken),
        async twin => TwinAnswer.Of(await twin.GetLengthAsync(name, cancellationToken)),
        static length => TwinAnswer.Of(length),
        cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<VaultBlob> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cut = false;
        var blobs = await CallAsync(
            "vault.list",
            prefix,
            async fault =>
            {
                cut = fault == FaultKind.Partial;
                return await _inner.ListAsync(prefix, cancellationToken).ToListAsync(cancellationToken);
            },
            async twin => TwinAnswer.Of(await twin.ListAsync(prefix, cancellationToken).ToListAsync(cancellationToken)),
            list => cut ? TwinAnswer.Of(ErrorCode.VaultUnreachable) : TwinAnswer.Of(list),
            cancellationToken);
        for (var i = 0; i < blobs.Count; i++)
        {
            if (cut && i >= blobs.Count / 2)
            {
                throw Unreachable(prefix);
            }

            yield return blobs[i];
        }

        if (cut)
        {
            throw Unreachable(prefix);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken) => CallAsync(
        "vault.delete",
        name,
        async fault =>
        {
            var deleted = await _inner.DeleteAsync(name, cancellationToken);
            deleted = fault == FaultKind.Duplicate ? await _inner.DeleteAsync(name, cancellationToken) : deleted;
            Unless(fault, name, FaultKind.LostAck);
            return deleted;
        },
        async twin => TwinAnswer.Of(await twin.DeleteAsync(name, cancellationToken)),
        TwinAnswer.Of,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private static void Unless(FaultKind? fault, string name, FaultKind kind)
    {
        if (fault == kind)
        {
            throw Unreachable(name);
        }
    }

    private static BackupException Unreachable(string name) =>
        new(ErrorCode.VaultUnreachable, $"The vault did not answer on '{name}' (simulated).");

    private static void Flip(FaultKind? fault, string name, Span<byte> content)
    {
        if (fault == FaultKind.CorruptBody)
        {
            FlippedBit.Flip(name, content);
        }
    }

    private ValueTask<T> CallAsync<T>(
        string operation,
        string name,
        Func<FaultKind?, ValueTask<T>> effect,
        Func<IVault, ValueTask<string>> onTwin,
        Func<T, string> answer,
        CancellationToken cancellationToken) => process.CallAsync(
            operation,
            name,
            fault =>
            {
                var isExpired = process.Host?.AreDenied(process.Ask) == true;
                return service.Twin is { } twin
                    ? BesideAsync(twin, operation, name, (fault, isExpired), effect, onTwin, answer)
                    : EffectAsync(name, (fault, isExpired), effect);
            },
            cancellationToken);

    /// <summary>Expired credentials are the machine's, a denial is the service's.</summary>
    private ValueTask<T> EffectAsync<T>(string name, (FaultKind? Fault, bool IsExpired) wrong, Func<FaultKind?, ValueTask<T>> effect)
    {
        var fault = wrong.Fault;
        if ((service.IsDenied |= fault == FaultKind.Denied) || wrong.IsExpired)
        {
            throw new BackupException(ErrorCode.VaultAccessDenied, $"The vault denied access to '{name}' (simulated).");
        }

        return fault is FaultKind.Refused or FaultKind.Hang ? throw Unreachable(name) : effect(fault);
    }

    /// <summary>The model first, then the real service, and both must say the same.</summary>
    private async ValueTask<T> BesideAsync<T>(
        IVaultTwin twin,
        string operation,
        string name,
        (FaultKind? Fault, bool IsExpired) wrong,
        Func<FaultKind?, ValueTask<T>> effect,
        Func<IVault, ValueTask<string>> onTwin,
        Func<T, string> answer)
    {
        // Conditions that hold are faults of the service, whatever this call was to be.
        var fault = wrong.Fault;
        var felt = service.IsDenied || wrong.IsExpired ? FaultKind.Denied
            : service.IsFull && operation == "vault.create" && fault is not (FaultKind.Refused or FaultKind.Hang or FaultKind.Denied) ? FaultKind.Full
            : fault;
        T result;
        try
        {
            result = await EffectAsync(name, wrong, effect);
        }
        catch (BackupException error)
        {
            Require(TwinAnswer.Of(error.Code));
            throw;
        }

        Require(answer(result));
        return result;

        void Require(string expected)
        {
            var actual = twin.Call(operation, name, felt, onTwin);
            if (actual != expected)
            {
                throw new InvalidOperationException(
                    $"{operation} {name} {(felt is { } kind ? FaultCatalog.NameOf(kind) : "without a fault")}: the model says {expected}, the service {actual}.");
            }
        }
    }
}
