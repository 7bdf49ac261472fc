using Harness.Engine.Ports;
using Harness.Simulator.Scratch;

namespace Harness.Tests.Processes;

/// <summary>A scratch location of which somebody is told before each call that changes it, and of each read.</summary>
internal sealed class ToldScratch(IScratch inner, Func<ValueTask> onCall) : DelegatingScratch(inner)
{
    public override async ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await onCall();
        return await base.ReadAsync(name, offset, buffer, cancellationToken);
    }

    public override async ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await onCall();
        await base.AppendAsync(name, content, cancellationToken);
    }

    public override async ValueTask FlushAsync(string name, CancellationToken cancellationToken)
    {
        await onCall();
        await base.FlushAsync(name, cancellationToken);
    }

    public override async ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken)
    {
        await onCall();
        await base.RenameAsync(from, to, cancellationToken);
    }

    public override async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await onCall();
        await base.DeleteAsync(name, cancellationToken);
    }
}
