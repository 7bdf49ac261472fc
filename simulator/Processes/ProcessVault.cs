using System.Runtime.CompilerServices;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Simulator.Content;
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
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) => CallAsync(
        "vault.length", name, _ => _inner.GetLengthAsync(name, cancellationToken), cancellationToken);

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

    /// <summary>Which bit it is follows from the name and the length, so that a replay flips the same one.</summary>
    private static void Flip(FaultKind? fault, string name, Span<byte> content)
    {
        if (fault == FaultKind.CorruptBody && content.Length > 0)
        {
            var bit = Mix.Of((ulong)content.Length, name) % ((ulong)content.Length * 8);
            content[(int)(bit / 8)] ^= (byte)(1 << (int)(bit % 8));
        }
    }

    private ValueTask<T> CallAsync<T>(
        string operation, string name, Func<FaultKind?, ValueTask<T>> effect, CancellationToken cancellationToken) => process.CallAsync(
            operation,
            name,
            fault =>
            {
                if ((service.IsDenied |= fault == FaultKind.Denied) | process.Host?.AreDenied(process.Ask) == true)
                {
                    throw new BackupException(ErrorCode.VaultAccessDenied, $"The vault denied access to '{name}' (simulated).");
                }

                return fault is FaultKind.Refused or FaultKind.Hang ? throw Unreachable(name) : effect(fault);
            },
            cancellationToken);
}
