using System.IO.Abstractions;
using Harness.Engine.Errors;
using Harness.Engine.Ports;

namespace Harness.Engine.Local.Scratch;

/// <summary>
/// The scratch location as a flat directory of any <see cref="IFileSystem"/>: a simulated Windows volume, or Windows itself.
/// It keeps the published rules for the location: local and not removable, and neither encrypted, compressed, sparse nor a
/// reparse point ("Azure Backup - FAQ", cache location). The directory is made when the first file is. One logical thread.
/// </summary>
public sealed class FileSystemScratch : IScratch
{
    private const FileAttributes Unsupported = FileAttributes.Encrypted | FileAttributes.Compressed
        | FileAttributes.SparseFile | FileAttributes.ReparsePoint;

    private readonly IFileSystem _files;
    private readonly string _path;

    /// <summary>Creates the object; nothing is touched yet.</summary>
    /// <param name="files">Where the directory is.</param>
    /// <param name="path">Path of the directory.</param>
    public FileSystemScratch(IFileSystem files, string path)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentException.ThrowIfNullOrEmpty(path);
        _files = files;
        _path = files.Path.TrimEndingDirectorySeparator(files.Path.GetFullPath(path));
    }

    /// <inheritdoc/>
    public ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Guard("cannot be used", () =>
        {
            var nearest = Nearest();
            RequireAttributes(nearest);
            var drive = _files.DriveInfo.FromDriveName(_files.Path.GetPathRoot(_path));
            RequireLocal(drive);
            Probe(nearest);
            return new ScratchInfo(_path, drive.AvailableFreeSpace, Names().Sum(name => LengthOf(name) ?? 0));
        }));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Guard("cannot be listed", Names));
    }

    /// <inheritdoc/>
    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Guard($"cannot look at '{name}'", () => LengthOf(name)));
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Guard($"cannot read '{name}'", () =>
        {
            if (LengthOf(name) is null)
            {
                return 0;
            }

            using var stream = _files.FileStream.Create(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Position = offset;
            return stream.ReadAtLeast(buffer.Span, buffer.Length, throwOnEndOfStream: false);
        }));
    }

    /// <inheritdoc/>
    public ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Guard($"cannot write '{name}'", () =>
        {
            _files.Directory.CreateDirectory(_path);
            using var stream = _files.FileStream.Create(PathOf(name), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            var end = stream.Length;
            stream.Position = end;
            try
            {
                stream.Write(content.Span);
                stream.Flush();
            }
            catch (IOException)
            {
                // What a full volume still took would stand before the next attempt.
                stream.SetLength(end);
                throw;
            }

            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Guard($"cannot flush '{name}'", () =>
        {
            if (LengthOf(name) is null)
            {
                return false;
            }

            using var stream = _files.FileStream.Create(PathOf(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            (stream as FileStream)?.Flush(flushToDisk: true);
            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Guard($"cannot rename '{from}' to '{to}'", () =>
        {
            _files.File.Move(PathOf(from), PathOf(to), overwrite: true);
            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Guard($"cannot delete '{name}'", () =>
        {
            if (LengthOf(name) is not null)
            {
                _files.File.Delete(PathOf(name));
            }

            return true;
        });
        return ValueTask.CompletedTask;
    }

    private string PathOf(string name)
    {
        Invariant.Require(
            name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-')
            && name is not ("." or ".."));
        return _files.Path.Join(_path, name);
    }

    private long? LengthOf(string name)
    {
        var file = _files.FileInfo.FromFileName(PathOf(name));
        return file.Exists ? file.Length : null;
    }

    private IReadOnlyList<string> Names() => _files.Directory.Exists(_path)
        ? [.. _files.Directory.EnumerateFiles(_path).Select(path => _files.Path.GetFileName(path)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The directory, or the nearest one above it when it does not exist yet.</summary>
    private string Nearest()
    {
        for (var path = _path; ; path = _files.Path.GetDirectoryName(path)!)
        {
            if (path is null)
            {
                throw new BackupException(
                    ErrorCode.ScratchNotDirectory, $"The scratch location '{_path}' is on no volume.", "Name a directory with --scratch.");
            }

            if (_files.File.Exists(path))
            {
                throw new BackupException(
                    ErrorCode.ScratchNotDirectory,
                    $"The scratch location '{_path}' is not a directory: '{path}' is a file.",
                    "Name a directory with --scratch.");
            }

            if (_files.Directory.Exists(path))
            {
                return path;
            }
        }
    }

    private void RequireAttributes(string nearest)
    {
        var bad = _files.File.GetAttributes(nearest) & Unsupported;
        for (var above = _files.Path.GetDirectoryName(nearest); above is not null; above = _files.Path.GetDirectoryName(above))
        {
            bad |= _files.File.GetAttributes(above) & FileAttributes.ReparsePoint;
        }

        if (bad != FileAttributes.None)
        {
            throw new BackupException(
                ErrorCode.ScratchUnsupported,
                $"The scratch location '{_path}' has attributes that the cache must not have: {bad}.",
                "Use a directory that is neither encrypted, compressed, sparse nor reached through a reparse point.");
        }
    }

    private void RequireLocal(IDriveInfo drive)
    {
        if (drive.DriveType is DriveType.Network or DriveType.Removable)
        {
            throw new BackupException(
                ErrorCode.ScratchUnsupported,
                $"The scratch location '{_path}' lies on a {drive.DriveType.ToString().ToLowerInvariant()} volume.",
                "Use a local volume that is not removable.");
        }
    }

    /// <summary>Only making a file tells whether one can be made.</summary>
    private void Probe(string directory) => _files.FileStream.Create(
        _files.Path.Join(directory, $".probe-{Environment.ProcessId}"),
        FileMode.CreateNew,
        FileAccess.Write,
        FileShare.None,
        1,
        FileOptions.DeleteOnClose).Dispose();

    private T Guard<T>(string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileSystemScratchErrors.Translate(error, _path, what);
        }
    }
}
