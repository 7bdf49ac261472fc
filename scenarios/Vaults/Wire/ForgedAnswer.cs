using System.Globalization;
using System.Net;
using System.Text;
using Harness.Simulator.Content;

namespace Harness.Scenarios.Vaults.Wire;

/// <summary>Answers that the Blob service gives when it does not do what it was asked ("Status and error codes", Blob service REST API).</summary>
internal static class ForgedAnswer
{
    private static readonly (HttpStatusCode Status, string Code)[] Refusals =
    [
        (HttpStatusCode.TooManyRequests, "TooManyRequests"),
        (HttpStatusCode.InternalServerError, "InternalError"),
        (HttpStatusCode.ServiceUnavailable, "ServerBusy"),
    ];

    /// <summary>Throttled, busy or out of order: which of them follows from the request.</summary>
    public static HttpResponseMessage Refused(HttpRequestMessage request)
    {
        var (status, code) = Refusals[(int)(Mix.Of(1, request.RequestUri!.AbsolutePath) % (ulong)Refusals.Length)];
        return Of(request, status, code);
    }

    /// <summary>An error with its headers and its XML body.</summary>
    public static HttpResponseMessage Of(HttpRequestMessage request, HttpStatusCode status, string code)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{Mix.Of(2, request.RequestUri!.AbsolutePath):x16}");
        var body = $"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>Injected.\nRequestId:{id}</Message></Error>";
        var response = new HttpResponseMessage(status)
        {
            RequestMessage = request,
            Content = request.Method == HttpMethod.Head ? new ByteArrayContent([]) : new StringContent(body, Encoding.UTF8, "application/xml"),
        };
        response.Headers.Add("x-ms-error-code", code);
        response.Headers.Add("x-ms-request-id", id);
        response.Headers.TryAddWithoutValidation("Server", "Azurite-Blob/3");
        foreach (var name in new[] { "x-ms-version", "x-ms-client-request-id" })
        {
            if (request.Headers.TryGetValues(name, out var values))
            {
                response.Headers.Add(name, values);
            }
        }

        return response;
    }
}
