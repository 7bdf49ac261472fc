using System.Net;
using System.Net.Sockets;

namespace Harness.Tests.Support;

/// <summary>A port of this machine that refuses connections and that nobody else gets meanwhile: bound, and not listened on.</summary>
internal sealed class RefusedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public RefusedPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
