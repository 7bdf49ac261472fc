using System.Runtime.CompilerServices;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Scenarios.Model;
using Harness.Simulator.Vaults;

namespace Harness.Scenarios.Running;

/// <summary>The vault of a cell, which refuses every call while a step says so, on whatever service it lies.</summary>
internal sealed class CellVault(IVault inner) : DelegatingVault(inner)
{
    /// <summary>The vault without its faults, for the oracles.</summary>
    public IVault Sound { get; } = inner;

    /// <summary>How it fails at present; null when it does not.</summary>
    public VaultFaultKind? Fault { get; set; }

    /// <inheritdoc/>
    public override ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Refusal() is { } error ? throw error : base.CreateAsync(name, content, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken) =>
        Refusal() is { } error ? throw error : base.ReadAsync(name, maxBytes, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<int> ReadRangeAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        Refusal() is { } error ? throw error : base.ReadRangeAsync(name, offset, buffer, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) =>
        Refusal() is { } error ? throw error : base.GetLengthAsync(name, cancellationToken);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<VaultBlob> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Refusal() is { } error)
        {
            throw error;
        }

        await foreach (var blob in base.ListAsync(prefix, cancellationToken))
        {
            yield return blob;
        }
    }

    /// <inheritdoc/>
    public override ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken) =>
        Refusal() is { } error ? throw error : base.DeleteAsync(name, cancellationToken);

    private BackupException? Refusal() => Fault switch
    {
        VaultFaultKind.AccessDenied => new(
            ErrorCode.VaultAccessDenied, $"{DisplayName} denies access, as a scenario says.", "Give credentials that are good."),
        VaultFaultKind.Unreachable => new(
            ErrorCode.VaultUnreachable, $"{DisplayName} cannot be reached, as a scenario says.", "Look at the line, the proxy and the firewall."),
        VaultFaultKind.Full => new(ErrorCode.VaultFull, $"{DisplayName} takes no more, as a scenario says.", "Make room."),
        _ => null,
    };
}
