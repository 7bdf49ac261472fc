using System.Net;

namespace Harness.Tests.Vaults;

/// <summary>What happens to one try.</summary>
internal enum WireFault
{
    None,

    /// <summary>503 ServerBusy, before the request has an effect.</summary>
    Busy,

    /// <summary>The request has its effect, and then the connection breaks.</summary>
    LostResponse,

    /// <summary>The body of the response ends early, without an error from the socket.</summary>
    TruncatedBody,

    /// <summary>One bit of the body of the request flips.</summary>
    FlippedRequestBit,

    /// <summary>Azurite's answer when its memory limit is reached.</summary>
    MemoryFull,

    /// <summary>400 without an error code: an HTTP server's answer to half a request.</summary>
    BareBadRequest,

    /// <summary>409 without an error code.</summary>
    BareConflict,

    /// <summary>507, Azure's answer when an account is full.</summary>
    InsufficientStorage,
}

/// <summary>Between the SDK and the socket: gives each try the next fault of a script; none after its end.</summary>
internal sealed class FaultyTransport(HttpMessageHandler inner, Func<HttpRequestMessage, WireFault> next) : DelegatingHandler(inner)
{
    /// <summary>Faults the tries of one HTTP method, in the order given.</summary>
    public static Func<HttpMessageHandler, HttpMessageHandler> Script(HttpMethod method, params WireFault[] faults)
    {
        Queue<WireFault> script = new(faults);
        return inner => new FaultyTransport(
            inner,
            request => request.Method == method && script.TryDequeue(out WireFault fault) ? fault : WireFault.None);
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        switch (next(request))
        {
            case WireFault.Busy:
                return Answer(request, HttpStatusCode.ServiceUnavailable, "ServerBusy");
            case WireFault.MemoryFull:
                return Answer(request, HttpStatusCode.Conflict, "MemoryExtentStoreAtSizeLimit");
            case WireFault.BareBadRequest:
                return new HttpResponseMessage(HttpStatusCode.BadRequest) { RequestMessage = request, Content = new ByteArrayContent([]) };
            case WireFault.BareConflict:
                return new HttpResponseMessage(HttpStatusCode.Conflict) { RequestMessage = request, Content = new ByteArrayContent([]) };
            case WireFault.InsufficientStorage:
                return Answer(request, HttpStatusCode.InsufficientStorage, "InsufficientStorage");
            case WireFault.LostResponse:
                using (await base.SendAsync(request, cancellationToken))
                {
                    throw new HttpRequestException(HttpRequestError.ConnectionError, "injected: connection reset");
                }

            case WireFault.TruncatedBody:
                return await TruncateAsync(await base.SendAsync(request, cancellationToken), cancellationToken);
            case WireFault.FlippedRequestBit:
                await FlipAsync(request, cancellationToken);
                break;
            default:
                break;
        }

        return await base.SendAsync(request, cancellationToken);
    }

    private static HttpResponseMessage Answer(HttpRequestMessage request, HttpStatusCode status, string code)
    {
        HttpResponseMessage response = new(status) { RequestMessage = request, Content = new ByteArrayContent([]) };
        response.Headers.Add("x-ms-error-code", code);
        return response;
    }

    private static async Task<HttpResponseMessage> TruncateAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        Replace(response, new StreamContent(new MemoryStream(body, 0, body.Length / 2)));
        return response;
    }

    private static async Task FlipAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        body[^1] ^= 1;
        ByteArrayContent flipped = new(body);
        foreach ((string name, IEnumerable<string> values) in request.Content.Headers)
        {
            flipped.Headers.TryAddWithoutValidation(name, values);
        }

        request.Content = flipped;
    }

    private static void Replace(HttpResponseMessage response, HttpContent content)
    {
        foreach ((string name, IEnumerable<string> values) in response.Content.Headers)
        {
            content.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = content;
    }
}
