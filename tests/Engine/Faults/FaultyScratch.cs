using Harness.Engine.Errors;
using Harness.Engine.Ports;

namespace Harness.Tests.Engine.Faults;

/// <summary>A scratch location whose calls go wrong by rule: operation, file, and number of the call in the run from 0.</summary>
internal sealed class FaultyScratch(IScratch inner, Func<string, string, int, ErrorCode?> rule) : IScratch
{
    private int _calls;

    public ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        Check("describe", "");
        return inner.DescribeAsync(cancellationToken);
    }

    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        Check("list", "");
        return inner.ListAsync(cancellationToken);
    }

    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
    {
        Check("length", name);
        return inner.GetLengthAsync(name, cancellationToken);
    }

    public ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Check("read", name);
        return inner.ReadAsync(name, offset, buffer, cancellationToken);
    }

    public ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Check("append", name);
        return inner.AppendAsync(name, content, cancellationToken);
    }

    public ValueTask FlushAsync(string name, CancellationToken cancellationToken)
    {
        Check("flush", name);
        return inner.FlushAsync(name, cancellationToken);
    }

    public ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken)
    {
        Check("rename", from);
        return inner.RenameAsync(from, to, cancellationToken);
    }

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        Check("delete", name);
        return inner.DeleteAsync(name, cancellationToken);
    }

    private void Check(string operation, string name)
    {
        if (rule(operation, name, _calls++) is { } code)
        {
            throw new BackupException(code, $"The scratch location failed to {operation} '{name}' (injected).");
        }
    }
}
