using Harness.Engine.Ports;

namespace Harness.Simulator.Scratch;

/// <summary>Counts the calls to a scratch location and their bytes, those of files that are deleted again included. One logical thread.</summary>
/// <param name="inner">The location.</param>
public sealed class CountingScratch(IScratch inner) : DelegatingScratch(inner)
{
    /// <summary>Reads that came back.</summary>
    public int Reads { get; private set; }

    /// <summary>What they returned.</summary>
    public long ReadBytes { get; private set; }

    /// <summary>Appends that were asked for.</summary>
    public int Appends { get; private set; }

    /// <summary>What they were to append.</summary>
    public long AppendedBytes { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await base.ReadAsync(name, offset, buffer, cancellationToken);
        Reads++;
        ReadBytes += read;
        return read;
    }

    /// <inheritdoc/>
    public override ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Appends++;
        AppendedBytes += content.Length;
        return base.AppendAsync(name, content, cancellationToken);
    }
}
