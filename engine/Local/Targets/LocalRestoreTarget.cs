using Harness.Engine.Errors;
using Harness.Engine.Local.Linux;
using Harness.Engine.Local.Runtime;
using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Targets;

/// <summary>
/// A directory of a Linux machine as the target of a restore. Every path is reached component by component from the opened
/// root without following links, so that a link planted in the target leads nowhere (TargetEscape). A file is written under
/// a name of its own, <c>.harness-restore-*</c>, and renamed when complete.
/// </summary>
/// <remarks>
/// Birth times cannot be set except on NTFS. Files are written by threads of its own; dispose it to end them and to close the root.
/// </remarks>
public sealed class LocalRestoreTarget : IRestoreTarget, IDisposable
{
    private const uint PrivateDirectory = 0x1c0; // 0700 until the directory is finished.

    private readonly string _path;
    private readonly WriterThreads _threads;
    private SafeFileHandle? _root;
    private DirectoryWalker? _walker;
    private bool _isNtfs;
    private int _counter;

    /// <summary>Creates the object; nothing is touched yet.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="writersAtOnce">Threads that write, made as they are needed; as many as the restore is to have writers.</param>
    public LocalRestoreTarget(string path, int writersAtOnce = 4)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(writersAtOnce, 1);
        _threads = new WriterThreads(writersAtOnce);
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    }

    /// <inheritdoc/>
    public string DisplayName => _path;

    /// <inheritdoc/>
    public ValueTask<bool> PrepareAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MakeDirectories(_path);
        var root = LinuxFile.TryOpen(NativeMethods.AtCurrent, _path, OpenFlags.ReadOnly | OpenFlags.Directory)
            ?? throw Unusable(_path, Errno.Last);
        Close();
        _root = root;
        _walker = new DirectoryWalker(root);
        _isNtfs = NtfsMount.IsNtfs(root, MountPoint.Of(root));
        ProbeWritable(root);
        var items = new List<DirectoryItem>();
        var errno = DirectoryReader.Read(root, items);
        return errno == 0 ? ValueTask.FromResult(items.Count > 0) : throw Unusable(_path, errno);
    }

    /// <inheritdoc/>
    public ValueTask<EntryKind?> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (path.Length == 0)
        {
            return ValueTask.FromResult<EntryKind?>(EntryKind.Directory);
        }

        RequireExpressible(path);
        var kind = Walker.InParent<EntryKind?>(
            path,
            (directory, name) => FileStatus.TryGet(directory, name, out var status)
                ? PosixEntryBuilder.KindOf(status)
                : Errno.Last is Errno.NoEntry or Errno.NotDirectory ? null : throw TargetErrors.At(path, Errno.Last),
            out var errno);
        return errno is 0 or Errno.NoEntry
            ? ValueTask.FromResult(kind)
            : throw TargetErrors.OnTheWay(path, errno);
    }

    /// <inheritdoc/>
    public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (path.Length > 0)
        {
            RequireExpressible(path);
            _ = Walker.InParent(path, (directory, name) => MakeDirectory(directory, name, path), out var errno);
            ThrowIfUnreachable(path, errno);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IRestoreWriter> CreateFileAsync(
        string path, RestoreMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        cancellationToken.ThrowIfCancellationRequested();
        RequireExpressible(path);
        var writer = FileWriter.Create(Walker, path, metadata, _isNtfs, NextTemporaryName());
        return ValueTask.FromResult<IRestoreWriter>(new LocalFileWriter(writer, _threads));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<WrittenFile>> WriteFilesAsync(
        IReadOnlyList<WholeFile> files, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        return await _threads.RunAsync(() => WriteFiles(files, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> CreateLinkAsync(
        string path, RestoreMetadata metadata, ReparseContent reparse, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(reparse);
        cancellationToken.ThrowIfCancellationRequested();
        RequireExpressible(path);
        var notes = Walker.InParent(
            path,
            (directory, name) => LinkWriter.Create(directory, name, path, metadata, reparse, _isNtfs, NextTemporaryName()),
            out var errno);
        ThrowIfUnreachable(path, errno);
        return ValueTask.FromResult(notes!);
    }

    /// <inheritdoc/>
    public ValueTask<bool> CreateHardLinkAsync(
        string existing, string path, RestoreMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        cancellationToken.ThrowIfCancellationRequested();
        RequireExpressible(existing);
        RequireExpressible(path);
        var isLinked = Walker.InParent(
            existing,
            (from, first) => Walker.InParent(
                path, (directory, name) => LinkWriter.Link(
                    from, first, directory, name, path, _isNtfs ? metadata : null, NextTemporaryName()), out _),
            out _);
        return ValueTask.FromResult(isLinked);
    }

    /// <inheritdoc/>
    public ValueTask<UInt128?> IdentifyAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireExpressible(path);
        return ValueTask.FromResult(Walker.InParent<UInt128?>(
            path,
            static (directory, name) => FileStatus.TryGet(directory, name, out var status)
                ? status.Identity
                : null,
            out _));
    }

    /// <inheritdoc/>
    public ValueTask<ISourceReader?> OpenExistingAsync(string path, string stream, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireExpressible(path);
        return ValueTask.FromResult<ISourceReader?>(stream.Length > 0 && !_isNtfs
            ? null
            : Walker.InParent(path, (directory, name) => OpenExisting(directory, name, stream, path), out _));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>?> KeepFileAsync(
        string path, RestoreMetadata metadata, IReadOnlyList<RestoreStream> streams, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(streams);
        cancellationToken.ThrowIfCancellationRequested();
        RequireExpressible(path);

        // Which streams a file has, and how they are stored, NTFS does not tell here; there it is written anew.
        return ValueTask.FromResult(_isNtfs || streams is not [{ Name: "" } only]
            ? null
            : Walker.InParent(path, (directory, name) => KeptFile.TryKeep(directory, name, path, metadata, only), out _));
    }

    /// <inheritdoc/>
    public ValueTask<IRestoreWriter> OpenDirectoryStreamsAsync(
        string path, RestoreMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_isNtfs)
        {
            throw new BackupException(
                ErrorCode.PlatformUnsupported,
                $"The directory '{path}' has named streams, and the file system of the target has none.",
                "Restore to an NTFS volume to keep them.");
        }

        RequireExpressible(path);
        var writer = Walker.InDirectory(
            path, "", (directory, _) => new DirectoryStreamWriter(path, directory), out var errno);
        ThrowIfUnreachable(path, errno);
        return ValueTask.FromResult<IRestoreWriter>(writer!);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FinishDirectoryAsync(
        string path, RestoreMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        cancellationToken.ThrowIfCancellationRequested();
        RequireExpressible(path);
        var notes = new List<string>();
        _ = Walker.InDirectory(
            path,
            "",
            (directory, _) =>
            {
                MetadataWriter.ApplyEncryption(directory, metadata, hasRawStream: false, _isNtfs, notes);
                var isKnown = FileStatus.TryGet(directory, out var status);
                MetadataWriter.Apply(directory, status, path, metadata, _isNtfs, notes);
                return isKnown;
            },
            out var errno);
        ThrowIfUnreachable(path, errno);
        return ValueTask.FromResult<IReadOnlyList<string>>(notes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _threads.Dispose();
        Close();
    }

    private DirectoryWalker Walker
    {
        get
        {
            Invariant.Require(_walker is not null);
            return _walker;
        }
    }

    /// <summary>
    /// Names from a vault that lead elsewhere here. On NTFS the driver takes <c>name:stream</c> for a stream of another file,
    /// and Windows takes '\' for a separator (MS-FSCC 2.1.5): neither may be part of a name.
    /// </summary>
    private void RequireExpressible(string path)
    {
        TargetErrors.RequireEncodable(path);
        if (_isNtfs && path.AsSpan().IndexOfAny(':', '\\') is >= 0 and var at)
        {
            throw TargetErrors.Refused(path, $"'{path[at]}' is no part of a name on NTFS");
        }
    }

    private static LinuxStreamReader? OpenExisting(SafeFileHandle directory, string name, string stream, string path)
    {
        // Asked before it is opened: opening a device can do something.
        if (!FileStatus.TryGet(directory, name, out var before) || PosixEntryBuilder.KindOf(before) != EntryKind.File)
        {
            return null;
        }

        var handle = LinuxFile.TryOpenForReading(directory, stream.Length == 0 ? name : $"{name}:{stream}");
        if (handle is null)
        {
            return null;
        }

        if (FileStatus.TryGet(handle, out var status) && PosixEntryBuilder.KindOf(status) == EntryKind.File)
        {
            return new LinuxStreamReader(path, handle, status, ranges: null, rawPadding: null);
        }

        handle.Dispose();
        return null;
    }

    private static void ThrowIfUnreachable(string path, int errno)
    {
        if (errno != 0)
        {
            throw TargetErrors.OnTheWay(path, errno);
        }
    }

    private static bool MakeDirectory(SafeFileHandle directory, string name, string path)
    {
        if (NativeMethods.MkDirAt(directory, name, PrivateDirectory) == 0)
        {
            return true;
        }

        if (Errno.Last is var errno and not Errno.Exists)
        {
            throw TargetErrors.At(path, errno);
        }

        // Something is there: a directory is welcome, a link to one is not.
        return FileStatus.TryGet(directory, name, out var status) && status.IsDirectory
            ? true
            : throw (status.IsSymbolicLink
                ? TargetErrors.OnTheWay(path, Errno.Loop)
                : TargetErrors.At(path, Errno.NotDirectory));
    }

    private static void MakeDirectories(string path)
    {
        try
        {
            _ = Directory.CreateDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                ErrorCode.TargetNotWritable,
                $"The restore target '{path}' cannot be made: {error.Message}",
                "Name a directory that this user may write with --target.",
                inner: error);
        }
    }

    private static BackupException Unusable(string path, int errno) => new(
        ErrorCode.TargetNotWritable,
        $"The restore target '{path}' cannot be used: {Errno.Describe(errno)}.",
        "Name a directory that this user may write with --target.");

    private void ProbeWritable(SafeFileHandle root)
    {
        var name = NextTemporaryName();
        using var probe = LinuxFile.TryOpen(
            root, name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, FileWriter.PrivateFile);
        if (probe is null)
        {
            throw Unusable(_path, Errno.Last);
        }

        _ = NativeMethods.UnlinkAt(root, name, 0);
    }

    private WrittenFile[] WriteFiles(IReadOnlyList<WholeFile> files, CancellationToken cancellationToken)
    {
        var written = new WrittenFile[files.Count];
        for (var i = 0; i < files.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                written[i] = WriteFile(files[i]);
            }
            catch (BackupException error)
            {
                written[i] = new WrittenFile([], Error: error);
            }
        }

        return written;
    }

    private WrittenFile WriteFile(WholeFile file)
    {
        RequireExpressible(file.Path);
        using var writer = FileWriter.Create(Walker, file.Path, file.Metadata, _isNtfs, NextTemporaryName());
        foreach (var stream in file.Streams)
        {
            writer.Begin(stream.Name, stream.SizeBytes, stream.RawSizeBytes, stream.Traits);
            foreach (var (offset, bytes) in stream.Pieces)
            {
                writer.Write(offset, bytes.Span);
            }
        }

        var identity = writer.Finish(file.IsNew);
        return new WrittenFile(writer.Notes, identity, IsTaken: identity is null);
    }

    private void Close()
    {
        _walker?.Dispose();
        _root?.Dispose();
        (_walker, _root) = (null, null);
    }

    private string NextTemporaryName() => $".harness-restore-{Environment.ProcessId:x}-{Interlocked.Increment(ref _counter):x}";
}
