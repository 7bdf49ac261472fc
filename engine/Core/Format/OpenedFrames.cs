using System.Buffers;

namespace Harness.Engine.Format;

/// <summary>
/// The plain bytes of a sealed blob while it is opened, in rented buffers: beside the result, opening leaves no garbage. It grows
/// with what has been authenticated, never with what a header claims. One thread.
/// </summary>
internal sealed class OpenedFrames(int sealedBytes) : IDisposable
{
    private byte[] _plain = [];
    private byte[] _raw = ArrayPool<byte>.Shared.Rent(sealedBytes);
    private int _length;

    /// <summary>Room for the decrypted bytes of one frame.</summary>
    public Span<byte> Plain(int lengthBytes)
    {
        if (_plain.Length < lengthBytes)
        {
            Return(_plain);
            _plain = ArrayPool<byte>.Shared.Rent(lengthBytes);
        }

        return _plain.AsSpan(0, lengthBytes);
    }

    /// <summary>Room for the raw bytes of the next frame, behind those before.</summary>
    public Span<byte> Next(int lengthBytes)
    {
        if (_raw.Length - _length < lengthBytes)
        {
            var grown = ArrayPool<byte>.Shared.Rent(Math.Max(_raw.Length * 2, _length + lengthBytes));
            _raw.AsSpan(0, _length).CopyTo(grown);
            Return(_raw);
            _raw = grown;
        }

        var next = _raw.AsSpan(_length, lengthBytes);
        _length += lengthBytes;
        return next;
    }

    public byte[] ToArray() => _raw.AsSpan(0, _length).ToArray();

    /// <inheritdoc/>
    public void Dispose()
    {
        Return(_plain);
        Return(_raw);
        (_plain, _raw) = ([], []);
    }

    /// <summary>Manifests hold names: they do not stay behind in a buffer that others are given.</summary>
    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
