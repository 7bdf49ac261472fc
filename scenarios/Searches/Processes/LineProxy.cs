using System.Net;
using System.Net.Sockets;

namespace Harness.Scenarios.Searches.Processes;

/// <summary>
/// A line between a client and an HTTP server on this machine that breaks where it is told to, and that tells of each request before it
/// passes. Every connection is a pair of sockets; stop it by disposing.
/// </summary>
internal sealed class LineProxy : IAsyncDisposable
{
    private const int BufferBytes = 64 << 10;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly Lock _lock = new();
    private readonly DnsEndPoint _server;
    private readonly Func<int, LineBreak?> _breakOf;
    private readonly Action<long> _onRequest;
    private readonly Task _accepting;
    private int _connected;
    private int _broken;
    private long _requests;
    private long _toServerBytes;

    /// <summary>Begins to listen on a free port.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="breakOf">Where the n-th connection, from 1, breaks; null is nowhere.</param>
    /// <param name="onRequest">Told of the n-th request, from 1, before its head is whole at the server.</param>
    public LineProxy(Uri server, Func<int, LineBreak?>? breakOf = null, Action<long>? onRequest = null)
    {
        _server = new DnsEndPoint(server.Host, server.Port);
        _breakOf = breakOf ?? (static _ => null);
        _onRequest = onRequest ?? (static _ => { });
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port to connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that were broken so far.</summary>
    public int Broken => Volatile.Read(ref _broken);

    /// <summary>Requests that came so far.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Bytes that the clients have sent so far.</summary>
    public long ToServerBytes => Interlocked.Read(ref _toServerBytes);

    /// <summary>The same address through this line.</summary>
    public string Through(Uri address) => new UriBuilder(address) { Port = Port }.Uri.AbsoluteUri;

    /// <inheritdoc/>
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
                var where = _breakOf(Interlocked.Increment(ref _connected));
                var heads = new RequestHeads();
                await Task.WhenAll(
                    CopyAsync(client, server, where is { OnAnswer: false } ? where : null, Sent),
                    CopyAsync(server, client, where is { OnAnswer: true } ? where : null, static _ => 0));

                int Sent(ReadOnlyMemory<byte> bytes)
                {
                    Interlocked.Add(ref _toServerBytes, bytes.Length);
                    return heads.Count(bytes);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One side is gone: so is the other.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, LineBreak? where, Func<ReadOnlyMemory<byte>, int> requestsIn)
    {
        var buffer = new byte[BufferBytes];
        var left = where?.AfterBytes ?? long.MaxValue;
        while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var received)
        {
            var passed = (int)Math.Min(received, left);
            Tell(requestsIn(buffer.AsMemory(0, passed)));
            for (var sent = 0; sent < passed;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, passed - sent), _stop.Token);
            }

            left -= passed;
            if (left == 0)
            {
                await BreakAsync(where!.Cut, from, to);
                return;
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private async Task BreakAsync(LineCut cut, Socket from, Socket to)
    {
        Interlocked.Increment(ref _broken);
        switch (cut)
        {
            case LineCut.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
                break;
            case LineCut.HalfClose:
                to.Shutdown(SocketShutdown.Send);
                break;
            default:
                foreach (var socket in new[] { to, from })
                {
                    // Without lingering the system sends a reset.
                    socket.LingerState = new LingerOption(cut == LineCut.Reset, 0);
                    socket.Close();
                }

                break;
        }
    }

    /// <summary>One at a time, so that the n-th is one request.</summary>
    private void Tell(int requests)
    {
        lock (_lock)
        {
            for (; requests > 0; requests--)
            {
                _onRequest(++_requests);
            }
        }
    }
}
