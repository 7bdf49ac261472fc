using System.Net;
using System.Net.Sockets;

namespace Harness.Tests.Support;

/// <summary>
/// Stands between a client and a server and counts the bytes of both directions: a witness that shares no code with what it
/// watches. Every connection is one pair of sockets; stop it by disposing.
/// </summary>
internal sealed class TcpCountingProxy : IAsyncDisposable
{
    private const int BufferBytes = 64 << 10;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly DnsEndPoint _server;
    private readonly Task _accepting;
    private long _toServer;
    private long _toClient;

    internal TcpCountingProxy(Uri server)
    {
        _server = new DnsEndPoint(server.Host, server.Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes that the clients have sent so far.</summary>
    internal long ToServer => Interlocked.Read(ref _toServer);

    /// <summary>Bytes that the server has sent so far.</summary>
    internal long ToClient => Interlocked.Read(ref _toClient);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(_server, _stop.Token);
                await Task.WhenAll(
                    CopyAsync(client, server, count => Interlocked.Add(ref _toServer, count)),
                    CopyAsync(server, client, count => Interlocked.Add(ref _toClient, count)));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                // One side is gone: so is the other.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, Action<int> count)
    {
        var buffer = new byte[BufferBytes];
        while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var received)
        {
            count(received);
            for (var sent = 0; sent < received;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, received - sent), _stop.Token);
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
