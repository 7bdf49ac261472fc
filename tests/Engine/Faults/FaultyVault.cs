using Harness.Engine.Errors;
using Harness.Engine.Ports;

namespace Harness.Tests.Engine.Faults;

/// <summary>How one call to a vault goes wrong.</summary>
public enum VaultFault
{
    /// <summary>The call fails and has no effect.</summary>
    Before,

    /// <summary>The call has its effect, and then fails: the acknowledgement was lost.</summary>
    After,

    /// <summary>As <see cref="After"/>, and a retry below the port found the caller's own blob: creation says false.</summary>
    FalseForOwn,
}

/// <summary>One call to a vault, as a fault is addressed: operation, name (or prefix), and its number in the run from 0.</summary>
internal readonly record struct VaultCall(string Operation, string Name, int Number);

/// <summary>A vault whose calls go wrong by rule, all with one error.</summary>
internal sealed class FaultyVault(
    IVault inner, Func<VaultCall, VaultFault?> rule, ErrorCode code = ErrorCode.VaultUnreachable) : IVault
{
    private int _calls;

    public string DisplayName => inner.DisplayName;

    public VaultTraffic Traffic => inner.Traffic;

    public async ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var fault = rule(new VaultCall("create", name, _calls++));
        Throw(fault, VaultFault.Before, name);
        var created = await inner.CreateAsync(name, content, cancellationToken);
        Throw(fault, VaultFault.After, name);
        return created && fault != VaultFault.FalseForOwn;
    }

    public async ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken)
    {
        Throw(rule(new VaultCall("read", name, _calls++)), null, name);
        return await inner.ReadAsync(name, maxBytes, cancellationToken);
    }

    public async ValueTask<int> ReadRangeAsync(
        string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Throw(rule(new VaultCall("read-range", name, _calls++)), null, name);
        return await inner.ReadRangeAsync(name, offset, buffer, cancellationToken);
    }

    public async ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
    {
        Throw(rule(new VaultCall("length", name, _calls++)), null, name);
        return await inner.GetLengthAsync(name, cancellationToken);
    }

    public async IAsyncEnumerable<VaultBlob> ListAsync(
        string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Throw(rule(new VaultCall("list", prefix, _calls++)), null, prefix);
        await foreach (var blob in inner.ListAsync(prefix, cancellationToken))
        {
            yield return blob;
            Throw(rule(new VaultCall("list-more", prefix, _calls++)), null, prefix);
        }
    }

    public async ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var fault = rule(new VaultCall("delete", name, _calls++));
        Throw(fault, VaultFault.Before, name);
        var deleted = await inner.DeleteAsync(name, cancellationToken);
        Throw(fault, VaultFault.After, name);
        return deleted;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>Fails when the fault is the one named; with none named, when there is any but a false answer.</summary>
    private void Throw(VaultFault? fault, VaultFault? only, string name)
    {
        if (fault is not null && (fault == only || (only is null && fault != VaultFault.FalseForOwn)))
        {
            throw new BackupException(code, $"The vault did not answer on '{name}' (injected).");
        }
    }
}
