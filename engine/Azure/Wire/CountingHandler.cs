using Harness.Engine.Ports;

namespace Harness.Engine.Azure.Wire;

/// <summary>Counts every try, retries included: it stands below the SDK's retry policy.</summary>
internal sealed class CountingHandler(HttpMessageHandler inner, VaultTrafficCounter traffic) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        traffic.AddRequest();
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        traffic.AddRequest();
        return base.Send(request, cancellationToken);
    }
}
