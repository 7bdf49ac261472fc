using Harness.Engine.Local.Linux;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Sources;

/// <summary>Reads one open file by position.</summary>
internal sealed class LinuxStreamReader(
    string path, SafeFileHandle handle, FileStatus opened, Func<long, IReadOnlyList<ByteRange>>? ranges) : ISourceReader
{
    private readonly string _path = path;
    private readonly SafeFileHandle _handle = handle;
    private readonly FileStatus _opened = opened;
    private readonly Func<long, IReadOnlyList<ByteRange>>? _ranges = ranges;

    /// <inheritdoc/>
    public long LengthBytes => _opened.SizeBytes;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ByteRange>> GetAllocatedRangesAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_ranges is not null)
        {
            // The ranges come from the disk, so that what is still in the page cache has to get there first.
            _ = NativeMethods.FSync(_handle);
        }

        return ValueTask.FromResult(LengthBytes == 0 ? [] : _ranges?.Invoke(LengthBytes) ?? FindRanges());
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var count = LinuxFile.Read(_handle, offset, buffer.Span);
        return count >= 0
            ? ValueTask.FromResult(count)
            : throw Errno.ToSourceError(-count, _path, $"Cannot read at byte {offset} of");
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken) => ValueTask.FromResult(
        FileStatus.TryGet(_handle, out var now)
        && now.SizeBytes == _opened.SizeBytes
        && now.Modified == _opened.Modified
        && now.Changed == _opened.Changed);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _handle.Dispose();
        return ValueTask.CompletedTask;
    }

    private IReadOnlyList<ByteRange> FindRanges()
    {
        IReadOnlyList<ByteRange> whole = [new ByteRange(0, LengthBytes)];
        if (_opened.AllocatedBytes >= LengthBytes)
        {
            return whole;
        }

        var found = new List<ByteRange>();
        for (long position = 0; position < LengthBytes;)
        {
            var data = LinuxFile.FindData(_handle, position);
            if (data == -Errno.NoDevice || data >= LengthBytes)
            {
                break;
            }

            var hole = data < 0 ? data : LinuxFile.FindHole(_handle, data);
            if (hole <= data)
            {
                // The file system knows no holes, or the file shrank: what is there is read, and zeros cost nothing later.
                return whole;
            }

            var end = Math.Min(hole, LengthBytes);
            found.Add(new ByteRange(data, end - data));
            position = end;
        }

        return found;
    }
}
