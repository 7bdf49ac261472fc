using System.Text;

namespace Harness.Tests.Security;

/// <summary>Keeps all that the SDK hands to the wire: methods, addresses with queries, headers, bodies.</summary>
internal sealed class RecordingTransport(HttpMessageHandler inner, List<byte[]> sent) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var head = new StringBuilder().Append(request.Method).Append(' ').Append(request.RequestUri).Append('\n');
        foreach (var (name, values) in request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []))
        {
            head.Append(name).Append(": ").AppendJoin(',', values).Append('\n');
        }

        byte[] body = [];
        if (request.Content is not null)
        {
            await request.Content.LoadIntoBufferAsync(cancellationToken);
            body = await request.Content.ReadAsByteArrayAsync(cancellationToken);
        }

        lock (sent)
        {
            sent.Add([.. Encoding.UTF8.GetBytes(head.ToString()), .. body]);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
