using Harness.Engine.Ports;
using Harness.Simulator.Scratch;

namespace Harness.Tests.Engine.Faults;

/// <summary>A scratch location on a disk that silently gives back one wrong byte in every file, always the same one.</summary>
internal sealed class SpoiledScratch(IScratch inner, long at) : DelegatingScratch(inner)
{
    public override async ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await base.ReadAsync(name, offset, buffer, cancellationToken);
        if (at >= offset && at < offset + read)
        {
            buffer.Span[(int)(at - offset)] ^= 0x20;
        }

        return read;
    }
}
