using System.Net.Sockets;
using Harness.Engine.Ports;

namespace Harness.Engine.Azure.Wire;

/// <summary>Makes the HTTP client of one vault: own connections, counted at the socket and per try.</summary>
internal static class WireClient
{
    /// <summary>Connections are renewed at times, so that a changed DNS entry is noticed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    public static HttpClient Create(Uri service, AzureVaultOptions options, VaultTrafficCounter traffic, WirePace pace)
    {
        SocketsHttpHandler sockets = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !service.IsLoopback,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context, traffic, pace, cancellationToken),
        };
        HttpMessageHandler wire = options.WrapTransport?.Invoke(sockets) ?? sockets;
        return new HttpClient(new CountingHandler(wire, traffic)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, VaultTrafficCounter traffic, WirePace pace, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            NetworkStream stream = new(socket, ownsSocket: true);
            return pace.Pace is { } limits ? new PacedStream(stream, traffic, limits) : new CountingStream(stream, traffic);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
