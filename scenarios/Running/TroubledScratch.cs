using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Scenarios.Model;
using Harness.Simulator.Scratch;

namespace Harness.Scenarios.Running;

/// <summary>
/// A scratch location with a disk that spoils what it gives back, or whose free space other programs take once a run has looked
/// at it. One logical thread.
/// </summary>
internal sealed class TroubledScratch(IScratch inner) : DelegatingScratch(inner)
{
    private const int SpoiledByte = 100;

    /// <summary>From what use on appending fails as on a full volume; null is never.</summary>
    public long? FillsAtBytes { get; set; }

    /// <summary>What it does to what is read; null is nothing.</summary>
    public ScratchDamage? Damage { get; set; }

    /// <inheritdoc/>
    public override async ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (FillsAtBytes is { } most && (await DescribeAsync(cancellationToken)).UsedBytes + content.Length > most)
        {
            throw new BackupException(
                ErrorCode.ScratchFull, "The scratch volume is full, as a scenario says.", "Free space on its volume, or name another location with --scratch.");
        }

        await base.AppendAsync(name, content, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await base.ReadAsync(name, offset, buffer, cancellationToken);
        if (Damage == ScratchDamage.Always && SpoiledByte >= offset && SpoiledByte < offset + read)
        {
            buffer.Span[(int)(SpoiledByte - offset)] ^= 0x20;
        }

        return read;
    }

    /// <summary>Spoils what every file holds now; what is written anew is sound.</summary>
    public async ValueTask SpoilAsync(CancellationToken cancellationToken)
    {
        foreach (var name in await ListAsync(cancellationToken))
        {
            var content = new byte[(int)(await GetLengthAsync(name, cancellationToken) ?? 0)];
            await ReadAsync(name, 0, content, cancellationToken);
            content.AsSpan(Math.Min(SpoiledByte, content.Length)..).Fill(0x20);
            await DeleteAsync(name, cancellationToken);
            await base.AppendAsync(name, content, cancellationToken);
            await FlushAsync(name, cancellationToken);
        }
    }
}
