using Harness.Engine.Limits;
using Harness.Engine.Ports;

namespace Harness.Engine.Azure.Wire;

/// <summary>
/// A socket's stream that lets bytes pass at a pace, slice by slice and in both directions: all of them, headers and retries too.
/// Closing it ends whatever waits, for that is how an HTTP connection is cancelled.
/// </summary>
internal sealed class PacedStream(Stream inner, VaultTrafficCounter traffic, VaultPace pace) : CountingStream(inner, traffic)
{
    private readonly CancellationTokenSource _closed = new();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A read of nothing asks whether something has come.
        Memory<byte> slice = buffer.IsEmpty ? buffer : buffer[..pace.Download.SliceOf(buffer.Length)];
        int read = await base.ReadAsync(slice, cancellationToken);
        await PassAsync(pace.Download, read, cancellationToken);
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            ReadOnlyMemory<byte> slice = buffer[..pace.Upload.SliceOf(buffer.Length)];
            await PassAsync(pace.Upload, slice.Length, cancellationToken);
            await base.WriteAsync(slice, cancellationToken);
            buffer = buffer[slice.Length..];
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Not disposed itself: what waits may still hold its token.
            _closed.Cancel();
        }

        base.Dispose(disposing);
    }

    private async ValueTask PassAsync(Pacer pacer, int bytes, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        try
        {
            await pacer.PassAsync(bytes, either.Token);
        }
        catch (OperationCanceledException error) when (_closed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException("The connection was closed while it waited for its share of the bandwidth.", error);
        }
    }
}
