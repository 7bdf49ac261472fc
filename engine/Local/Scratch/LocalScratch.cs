using Harness.Engine.Errors;
using Harness.Engine.Local.Linux;
using Harness.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Scratch;

/// <summary>
/// The scratch location as a flat directory of a local disk. The directory is made when the first file is, so that looking
/// at it writes nothing. Used from one logical thread; the file used last stays open.
/// </summary>
public sealed class LocalScratch : IScratch, IDisposable
{
    private const uint DirectoryMode = 0x1c0; // 0700: fingerprints of other people's data.
    private const uint FileMode = 0x180; // 0600

    private readonly string _path;
    private readonly bool _exclusive;
    private string? _openName;
    private SafeFileHandle? _openFile;
    private long _openLength;
    private SafeFileHandle? _directory;

    /// <summary>Creates the object; nothing is touched yet.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="exclusive">
    /// From its first use to its disposal no other exclusive user may have the directory: JobInProgress for whoever comes second. The system
    /// lets go of it with the process, however that ends.
    /// </param>
    public LocalScratch(string path, bool exclusive = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _exclusive = exclusive;
    }

    /// <summary>
    /// Where the scratch of one source and vault goes when the user names none: below <c>$XDG_CACHE_HOME/harness</c> or
    /// <c>~/.cache/harness</c>. The key is any text; the name is made of it so that two keys never share a directory.
    /// </summary>
    public static string DefaultPath(string key)
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache) || !Path.IsPathRooted(cache))
        {
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        }

        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key));
        return Path.Combine(cache, "harness", Convert.ToHexStringLower(hash.AsSpan(0, 8)));
    }

    /// <inheritdoc/>
    public ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var place = OpenNearest(out var exists);
        ProbeWritable(place);
        long used = 0;
        if (exists)
        {
            ListFiles(place).ForEach(item => used += item.Status.AllocatedBytes);
        }

        return ValueTask.FromResult(new ScratchInfo(_path, FreeBytes(place), used));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var directory = TryOpenDirectory();
        IReadOnlyList<string> names = directory is null
            ? []
            : [.. ListFiles(directory).Select(item => item.Name).Order(StringComparer.Ordinal)];
        return ValueTask.FromResult(names);
    }

    /// <inheritdoc/>
    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<long?>(TryUse(name, create: false) is null ? null : _openLength);
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = TryUse(name, create: false);
        if (file is null)
        {
            return ValueTask.FromResult(0);
        }

        var count = LinuxFile.Read(file, offset, buffer.Span);
        return count >= 0 ? ValueTask.FromResult(count) : throw Trouble(-count, $"cannot read '{name}'");
    }

    /// <inheritdoc/>
    public ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = TryUse(name, create: true)!;
        var errno = LinuxFile.Write(file, _openLength, content.Span);
        if (errno != 0)
        {
            // What a full disk still took would stand before the next attempt.
            _ = NativeMethods.FTruncate(file, _openLength);
            throw Trouble(errno, $"cannot write '{name}'");
        }

        _openLength += content.Length;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = TryUse(name, create: false);
        if (file is not null && NativeMethods.FSync(file) != 0)
        {
            throw Trouble(Errno.Last, $"cannot flush '{name}'");
        }

        SyncDirectory();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckName(from);
        CheckName(to);
        CloseFile();
        var directory = UseDirectory();
        if (NativeMethods.RenameAt(directory, from, directory, to) != 0)
        {
            throw Trouble(Errno.Last, $"cannot rename '{from}' to '{to}'");
        }

        SyncDirectory();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckName(name);
        if (_openName == name)
        {
            CloseFile();
        }

        using var directory = TryOpenDirectory();
        if (directory is not null
            && NativeMethods.UnlinkAt(directory, name, 0) != 0
            && Errno.Last is var errno and not Errno.NoEntry)
        {
            throw Trouble(errno, $"cannot delete '{name}'");
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseFile();
        _directory?.Dispose();
        _directory = null;
    }

    private static void CheckName(string name) => Invariant.Require(
        name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-')
        && name is not ("." or ".."));

    private static List<DirectoryItem> ListFiles(SafeFileHandle directory)
    {
        var items = new List<DirectoryItem>();
        _ = DirectoryReader.Read(directory, items);
        return [.. items.Where(item => item.Error == 0 && item.Status.IsRegular)];
    }

    private static unsafe long FreeBytes(SafeFileHandle place)
    {
        NativeMethods.StatFsBuffer space;
        return NativeMethods.FStatFs(place, &space) == 0
            ? (long)Math.Min((decimal)space.AvailableBlocks * Math.Max(1, space.FragmentSize), long.MaxValue)
            : 0;
    }

    /// <summary>The directory, or the nearest one above it when it does not exist yet.</summary>
    private SafeFileHandle OpenNearest(out bool exists)
    {
        exists = true;
        for (var place = _path; ; exists = false)
        {
            var handle = LinuxFile.TryOpen(NativeMethods.AtCurrent, place, OpenFlags.ReadOnly | OpenFlags.Directory);
            if (handle is not null)
            {
                return handle;
            }

            if (Errno.Last is var errno and not Errno.NoEntry)
            {
                throw Trouble(errno, "cannot be opened");
            }

            // A dangling link is there, yet cannot become a directory.
            if (FileStatus.TryGet(NativeMethods.AtCurrent, place, out _))
            {
                throw Trouble(Errno.NotDirectory, "is a link to nowhere");
            }

            place = Path.GetDirectoryName(place) ?? "/";
        }
    }

    /// <summary>Permission bits lie to root and on special file systems: only making a file tells. An unnamed one leaves no trace.</summary>
    private void ProbeWritable(SafeFileHandle place)
    {
        using var unnamed = LinuxFile.TryOpen(place, ".", OpenFlags.ReadWrite | OpenFlags.Unnamed, FileMode);
        if (unnamed is not null)
        {
            return;
        }

        if (Errno.Last is var errno and not (Errno.NotSupported or Errno.IsDirectory or Errno.Invalid or Errno.NoEntry))
        {
            throw Trouble(errno, "cannot be written");
        }

        var name = $".probe-{Environment.ProcessId}";
        using var named = LinuxFile.TryOpen(
            place, name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, FileMode);
        if (named is null)
        {
            throw Trouble(Errno.Last, "cannot be written");
        }

        _ = NativeMethods.UnlinkAt(place, name, 0);
    }

    private SafeFileHandle? TryOpenDirectory()
    {
        var handle = LinuxFile.TryOpen(NativeMethods.AtCurrent, _path, OpenFlags.ReadOnly | OpenFlags.Directory);
        return handle is null && Errno.Last is var errno and not Errno.NoEntry
            ? throw Trouble(errno, "cannot be opened")
            : handle;
    }

    private SafeFileHandle UseDirectory()
    {
        if (_directory is not null)
        {
            return _directory;
        }

        MakeDirectories(_path);
        return _directory = Claim(TryOpenDirectory() ?? throw Trouble(Errno.NoEntry, "disappeared"));
    }

    /// <summary>File systems that know no locks let everybody in.</summary>
    private SafeFileHandle Claim(SafeFileHandle directory)
    {
        if (_exclusive
            && NativeMethods.FLock(directory, NativeMethods.LockExclusive | NativeMethods.LockNonBlocking) != 0
            && Errno.Last == Errno.WouldBlock)
        {
            directory.Dispose();
            throw new BackupException(
                ErrorCode.JobInProgress,
                $"Another job is in progress with the scratch location '{_path}'; one job at a time can use it.",
                "Start it again when that job has ended, or give each data source a scratch location of its own with --scratch.");
        }

        return directory;
    }

    private void MakeDirectories(string path)
    {
        if (NativeMethods.MkDirAt(NativeMethods.AtCurrent, path, DirectoryMode) == 0)
        {
            return;
        }

        var errno = Errno.Last;
        if (errno == Errno.NoEntry && Path.GetDirectoryName(path) is { Length: > 1 } parent)
        {
            MakeDirectories(parent);
            errno = NativeMethods.MkDirAt(NativeMethods.AtCurrent, path, DirectoryMode) == 0 ? 0 : Errno.Last;
        }

        if (errno is not (0 or Errno.Exists))
        {
            throw Trouble(errno, "cannot be made");
        }
    }

    private SafeFileHandle? TryUse(string name, bool create)
    {
        if (_openName == name)
        {
            return _openFile;
        }

        CheckName(name);
        CloseFile();
        if (!create && _directory is null)
        {
            if (TryOpenDirectory() is not { } directory)
            {
                return null;
            }

            _directory = Claim(directory);
        }

        var flags = OpenFlags.ReadWrite | OpenFlags.NoFollow | (create ? OpenFlags.Create : 0);
        var file = LinuxFile.TryOpen(UseDirectory(), name, flags, FileMode);
        if (file is null)
        {
            return Errno.Last is var errno and not Errno.NoEntry ? throw Trouble(errno, $"cannot open '{name}'")
                : create ? throw Trouble(Errno.NoEntry, "disappeared")
                : null;
        }

        _openLength = FileStatus.TryGet(file, out var status) ? status.SizeBytes : 0;
        (_openName, _openFile) = (name, file);
        return file;
    }

    private void CloseFile()
    {
        _openFile?.Dispose();
        (_openName, _openFile) = (null, null);
    }

    private void SyncDirectory()
    {
        if (_directory is not null && NativeMethods.FSync(_directory) != 0 && Errno.Last is var errno and not Errno.Invalid)
        {
            throw Trouble(errno, "cannot be flushed");
        }
    }

    private BackupException Trouble(int errno, string what)
    {
        var message = $"The scratch location '{_path}': {what} ({Errno.Describe(errno)}).";
        return errno switch
        {
            Errno.NoSpace or Errno.QuotaExceeded => new BackupException(
                ErrorCode.ScratchFull, message, "Free space on its volume, or name another location with --scratch."),
            Errno.NotDirectory or Errno.Loop => new BackupException(
                ErrorCode.ScratchNotDirectory, message, "Name a directory with --scratch."),
            _ => new BackupException(
                ErrorCode.ScratchNotWritable, message, "Name a directory that this user may write with --scratch."),
        };
    }
}
