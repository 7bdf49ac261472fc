using Harness.Engine.Local.Linux;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Targets;

/// <summary>Writes the named streams of a directory on NTFS. They appear at once: a directory is not replaced.</summary>
internal sealed class DirectoryStreamWriter : IRestoreWriter
{
    private readonly string _path;
    private readonly SafeFileHandle _directory;
    private StreamSink? _sink;

    internal DirectoryStreamWriter(string path, SafeFileHandle directory)
    {
        _path = path;
        _directory = LinuxFile.TryOpenDirectory(directory, ".") ?? throw TargetErrors.At(path, Errno.Last);
    }

    /// <inheritdoc/>
    public ValueTask BeginStreamAsync(
        string name, long sizeBytes, long? rawSizeBytes, EntryTraits traits, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        EndStream();
        TargetErrors.RequireEncodable(name);

        // A name that begins with the colon means a stream of the directory itself.
        const int flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NonBlocking;
        var file = LinuxFile.TryOpen(_directory, ":" + name, flags | OpenFlags.NoFollow, FileWriter.PrivateFile)
            ?? throw TargetErrors.At($"{_path}:{name}", Errno.Last);
        if (NativeMethods.FTruncate(file, 0) != 0)
        {
            var errno = Errno.Last;
            file.Dispose();
            throw TargetErrors.At($"{_path}:{name}", errno);
        }

        _sink = new StreamSink(
            $"{_path}:{name}",
            file,
            ownsFile: true,
            rawSizeBytes ?? sizeBytes,
            (traits & EntryTraits.Sparse) != EntryTraits.None,
            canPreallocate: false);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _sink?.Write(offset, content.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FinishAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        EndStream();
        return ValueTask.FromResult<IReadOnlyList<string>>([]);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _sink?.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private void EndStream()
    {
        _sink?.Finish();
        _sink?.Dispose();
        _sink = null;
    }
}
