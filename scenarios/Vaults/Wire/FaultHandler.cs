using System.Net;
using Harness.Simulator.Faults;

namespace Harness.Scenarios.Vaults.Wire;

/// <summary>
/// Does to requests what <see cref="HttpFaults"/> decides, below the client's retries and above the socket: what has an effect has it on
/// the real server, and what the client sees is what a real server or a broken line would show.
/// </summary>
internal sealed class FaultHandler(HttpMessageHandler inner, HttpFaults faults) : DelegatingHandler(inner)
{
    private static readonly TimeSpan HangTime = TimeSpan.FromHours(1);
    private static readonly TimeSpan SlowTime = TimeSpan.FromMinutes(1);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        switch (faults.Of(request))
        {
            case FaultKind.Refused:
                return ForgedAnswer.Refused(request);
            case FaultKind.Denied:
                return ForgedAnswer.Of(request, HttpStatusCode.Forbidden, "AuthenticationFailed");
            case FaultKind.Full:
                return ForgedAnswer.Of(request, HttpStatusCode.Conflict, "MemoryExtentStoreAtSizeLimit");
            case FaultKind.Hang:
                await faults.WaitAsync(HangTime, cancellationToken);
                return ForgedAnswer.Refused(request);
            case FaultKind.Slow:
                await faults.WaitAsync(SlowTime, cancellationToken);
                return await base.SendAsync(request, cancellationToken);
            case FaultKind.LostAck:
                (await base.SendAsync(request, cancellationToken)).Dispose();
                throw Reset();
            case FaultKind.Duplicate:
                (await base.SendAsync(request, cancellationToken)).Dispose();
                return await base.SendAsync(request, cancellationToken);
            case FaultKind.Partial when request.Content is { } body:
                request.Content = new CutContent(body);
                return await base.SendAsync(request, cancellationToken);
            case FaultKind.Partial:
                return await AlterAsync(await base.SendAsync(request, cancellationToken), static bytes => new CutStream(bytes), cancellationToken);
            case FaultKind.CorruptBody:
                return await FlipAsync(request, await base.SendAsync(request, cancellationToken), cancellationToken);
            default:
                return await base.SendAsync(request, cancellationToken);
        }
    }

    private static HttpRequestException Reset() => new(HttpRequestError.ConnectionError, "injected: the connection was reset");

    private Task<HttpResponseMessage> FlipAsync(
        HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken) => AlterAsync(
            response,
            bytes =>
            {
                FlippedBit.Flip(faults.AddressOf(request)!.Value.Key, bytes);
                return new MemoryStream(bytes);
            },
            cancellationToken);

    /// <summary>Only what holds content of a blob or a listing is altered: an error answer is no body to read from.</summary>
    private static async Task<HttpResponseMessage> AlterAsync(
        HttpResponseMessage response, Func<byte[], Stream> alter, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            return response;
        }

        var altered = new StreamContent(alter(await response.Content.ReadAsByteArrayAsync(cancellationToken)));
        foreach (var (name, values) in response.Content.Headers)
        {
            altered.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = altered;
        return response;
    }
}
