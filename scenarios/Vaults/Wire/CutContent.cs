using System.Net;

namespace Harness.Scenarios.Vaults.Wire;

/// <summary>A request's body of which the line carries one half, and then breaks.</summary>
internal sealed class CutContent : HttpContent
{
    private readonly HttpContent _whole;

    public CutContent(HttpContent whole)
    {
        _whole = whole;
        foreach (var (name, values) in whole.Headers)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var bytes = await _whole.ReadAsByteArrayAsync();
        await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
        await stream.FlushAsync();
        throw new IOException("injected: the connection broke in mid-body");
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _whole.Headers.ContentLength ?? 0;
        return _whole.Headers.ContentLength is not null;
    }
}
