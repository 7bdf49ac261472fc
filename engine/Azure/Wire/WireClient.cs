using System.Net.Sockets;
using Harness.Engine.Ports;

namespace Harness.Engine.Azure.Wire;

/// <summary>Makes the HTTP client of one vault: own connections, counted at the socket and per try.</summary>
internal static class WireClient
{
    /// <summary>Connections are renewed at times, so that a changed DNS entry is noticed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    public static HttpClient Create(Uri service, AzureVaultOptions options, VaultTrafficCounter traffic)
    {
        SocketsHttpHandler sockets = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !service.IsLoopback,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context, traffic, cancellationToken),
        };
        HttpMessageHandler wire = options.WrapTransport?.Invoke(sockets) ?? sockets;
        return new HttpClient(new CountingHandler(wire, traffic)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, VaultTrafficCounter traffic, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new CountingStream(new NetworkStream(socket, ownsSocket: true), traffic);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
