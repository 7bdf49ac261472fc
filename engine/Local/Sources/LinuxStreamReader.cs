using System.Buffers.Binary;
using Harness.Engine.Local.Linux;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Sources;

/// <summary>Reads one open file by position.</summary>
/// <param name="path">Path for messages.</param>
/// <param name="handle">The open file, which the reader closes.</param>
/// <param name="opened">Its status.</param>
/// <param name="ranges">A better way to find allocated ranges than lseek, or null.</param>
/// <param name="rawPadding">
/// Of a raw encrypted stream, the padding that its last two bytes tell. They are known from the listing and made here: ntfs-3g
/// cannot give them when the ciphertext fills its last cluster. Null for any other stream.
/// </param>
internal sealed class LinuxStreamReader(
    string path,
    SafeFileHandle handle,
    FileStatus opened,
    Func<long, IReadOnlyList<ByteRange>>? ranges,
    ushort? rawPadding) : IPositionedReader
{
    private const int RawTrailerBytes = 2;

    private readonly ushort? _rawPadding = rawPadding;
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
        return ValueTask.FromResult(Read(offset, buffer.Span));
    }

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> buffer)
    {
        var bodyEnd = _rawPadding is null ? long.MaxValue : LengthBytes - RawTrailerBytes;
        var body = buffer[..(int)Math.Clamp(bodyEnd - offset, 0, buffer.Length)];
        var count = LinuxFile.Read(_handle, offset, body);
        if (count < 0)
        {
            throw Errno.ToSourceError(-count, _path, $"Cannot read at byte {offset} of");
        }

        return count == body.Length && _rawPadding is { } padding
            ? count + CopyTrailer(padding, offset + count - bodyEnd, buffer[count..])
            : count;
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

    private static int CopyTrailer(ushort padding, long from, Span<byte> target)
    {
        Span<byte> trailer = stackalloc byte[RawTrailerBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(trailer, padding);
        if (from is < 0 or >= RawTrailerBytes)
        {
            return 0;
        }

        var rest = trailer[(int)from..];
        rest = rest[..Math.Min(rest.Length, target.Length)];
        rest.CopyTo(target);
        return rest.Length;
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
