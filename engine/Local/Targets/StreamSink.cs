using Harness.Engine.Local.Linux;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Targets;

/// <summary>Writes one stream front to back. What is left out is a hole of a sparse stream and zeros of any other.</summary>
internal sealed class StreamSink(
    string path, SafeFileHandle file, bool ownsFile, long sizeBytes, bool isSparse, bool canPreallocate)
    : IDisposable
{
    private static readonly byte[] Zeros = new byte[1 << 20];

    private readonly string _path = path;
    private readonly SafeFileHandle _file = file;
    private readonly bool _ownsFile = ownsFile;
    private readonly long _sizeBytes = sizeBytes;
    private readonly bool _isSparse = isSparse;
    private bool _canPreallocate = canPreallocate;
    private long _position;

    internal void Write(long offset, ReadOnlySpan<byte> content)
    {
        FillUpTo(offset);
        Check(LinuxFile.Write(_file, offset, content));
        _position = offset + content.Length;
    }

    /// <summary>Brings the stream to its full length.</summary>
    internal void Finish()
    {
        FillUpTo(_sizeBytes);
        if (_isSparse && _position < _sizeBytes)
        {
            Check(NativeMethods.FTruncate(_file, _sizeBytes) == 0 ? 0 : Errno.Last);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsFile)
        {
            _file.Dispose();
        }
    }

    private void FillUpTo(long offset)
    {
        if (_isSparse || offset <= _position)
        {
            return;
        }

        if (_canPreallocate)
        {
            // Allocated and never written reads as zeros, and counts as much space as zeros would.
            if (NativeMethods.FAllocate(_file, 0, _position, offset - _position) == 0)
            {
                _position = offset;
                return;
            }

            if (Errno.Last is var errno and not (Errno.NotSupported or Errno.NoSystemCall or Errno.Invalid))
            {
                Check(errno);
            }

            _canPreallocate = false;
        }

        while (_position < offset)
        {
            var count = (int)Math.Min(Zeros.Length, offset - _position);
            Check(LinuxFile.Write(_file, _position, Zeros.AsSpan(0, count)));
            _position += count;
        }
    }

    private void Check(int errno)
    {
        if (errno != 0)
        {
            throw TargetErrors.At(_path, errno);
        }
    }
}
