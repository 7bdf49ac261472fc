using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Windows;

/// <summary>Reads one stream by position. Untested, as <see cref="WindowsDirectorySource"/> says.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsStreamReader : IPositionedReader
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private readonly bool _isSparse;
    private readonly (long Written, long Changed) _opened;

    public WindowsStreamReader(string path, string fullPath, SourceStream stream)
    {
        _path = path;
        _handle = WindowsEntryReader.Open(fullPath, path, WindowsNativeMethods.GenericRead);
        _isSparse = stream.Traits.HasFlag(EntryTraits.Sparse);
        LengthBytes = RandomAccess.GetLength(_handle);
        _opened = Times();
    }

    public long LengthBytes { get; }

    public ValueTask<IReadOnlyList<ByteRange>> GetAllocatedRangesAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(
            LengthBytes == 0 ? [] : _isSparse ? Ranges(_handle, _path, LengthBytes) : [new ByteRange(0, LengthBytes)]);
    }

    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(offset, buffer.Span));
    }

    public int Read(long offset, Span<byte> buffer)
    {
        var done = 0;
        try
        {
            while (done < buffer.Length && RandomAccess.Read(_handle, buffer[done..], offset + done) is var count and > 0)
            {
                done += count;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SourceReadException(
                _path, SourceFault.ReadError, $"Cannot read at byte {offset} of '{_path}': {error.Message}", error);
        }

        return done;
    }

    public ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(RandomAccess.GetLength(_handle) == LengthBytes && Times() == _opened);

    public ValueTask DisposeAsync()
    {
        _handle.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>FSCTL_QUERY_ALLOCATED_RANGES, as often as the answer exceeds the buffer.</summary>
    internal static IReadOnlyList<ByteRange> Ranges(SafeFileHandle handle, string path, long length)
    {
        const int batch = 512;
        var found = new List<ByteRange>();
        var buffer = stackalloc WindowsNativeMethods.AllocatedRange[batch];
        var bytes = (uint)(batch * sizeof(WindowsNativeMethods.AllocatedRange));
        for (long from = 0; from < length;)
        {
            var query = new WindowsNativeMethods.AllocatedRange { Offset = from, Length = length - from };
            uint returned;
            var isLast = WindowsNativeMethods.DeviceIoControl(
                handle, WindowsNativeMethods.QueryAllocatedRanges, &query, (uint)sizeof(WindowsNativeMethods.AllocatedRange),
                buffer, bytes, &returned, IntPtr.Zero);
            if (!isLast && Marshal.GetLastPInvokeError() != WindowsNativeMethods.ErrorMoreData)
            {
                throw WindowsEntryReader.Failed(path, "ask for the allocated ranges of");
            }

            var count = (int)(returned / sizeof(WindowsNativeMethods.AllocatedRange));
            for (var i = 0; i < count; i++)
            {
                found.Add(new ByteRange(buffer[i].Offset, Math.Min(buffer[i].Length, length - buffer[i].Offset)));
            }

            from = isLast || count == 0 ? length : found[^1].End;
        }

        return found;
    }

    private (long Written, long Changed) Times()
    {
        WindowsNativeMethods.BasicInformation basic;
        return WindowsNativeMethods.GetFileInformationEx(
            _handle, WindowsNativeMethods.FileBasicInfo, &basic, (uint)sizeof(WindowsNativeMethods.BasicInformation))
            ? (basic.Written, basic.Changed)
            : throw WindowsEntryReader.Failed(_path, "look at");
    }
}
