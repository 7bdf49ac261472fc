using System.IO.Abstractions;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Engine.Local.Sources;

/// <summary>Reads one file of an <see cref="IFileSystem"/>.</summary>
internal sealed class FileSystemReader : ISourceReader
{
    private readonly IFileSystem _files;
    private readonly string _fullPath;
    private readonly string _path;
    private readonly Stream _stream;
    private readonly DateTime _writtenAtOpen;

    internal FileSystemReader(IFileSystem files, string fullPath, string path)
    {
        (_files, _fullPath, _path) = (files, fullPath, path);
        _writtenAtOpen = files.File.GetLastWriteTimeUtc(fullPath);
        _stream = files.File.Open(fullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        LengthBytes = _stream.Length;
    }

    /// <inheritdoc/>
    public long LengthBytes { get; }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ByteRange>> GetAllocatedRangesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<ByteRange>>(LengthBytes == 0 ? [] : [new ByteRange(0, LengthBytes)]);

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            _stream.Position = offset;
            return await _stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (Exception error) when (FileSystemErrors.IsExpected(error))
        {
            throw FileSystemErrors.ToSourceError(error, _path);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken)
    {
        var now = _files.FileInfo.FromFileName(_fullPath);
        return ValueTask.FromResult(now.Exists && now.Length == LengthBytes && now.LastWriteTimeUtc == _writtenAtOpen);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}

/// <summary>What an <see cref="IFileSystem"/> throws, in the engine's words.</summary>
internal static class FileSystemErrors
{
    private const int SharingViolation = 32;
    private const int LockViolation = 33;

    internal static bool IsExpected(Exception error) => error is IOException or UnauthorizedAccessException;

    internal static SourceReadException ToSourceError(Exception error, string path)
    {
        var fault = error switch
        {
            UnauthorizedAccessException => SourceFault.AccessDenied,
            FileNotFoundException or DirectoryNotFoundException => SourceFault.Vanished,
            PathTooLongException => SourceFault.NameInvalid,
            _ when (error.HResult & 0xffff) is SharingViolation or LockViolation => SourceFault.Locked,
            _ => SourceFault.ReadError,
        };
        return new SourceReadException(path, fault, $"Cannot read '{path}': {error.Message}", error);
    }
}
