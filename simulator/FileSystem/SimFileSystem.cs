using System.Diagnostics.CodeAnalysis;
using System.IO.Abstractions;
using Harness.Simulator.Content;
using Harness.Simulator.FileSystem.Directories;
using Harness.Simulator.FileSystem.Drives;
using Harness.Simulator.FileSystem.Entries;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Files;
using Harness.Simulator.FileSystem.Opening;
using Harness.Simulator.FileSystem.Paths;
using Harness.Simulator.FileSystem.Watching;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem;

/// <summary>
/// A <c>System.IO.Abstractions</c> file system over simulated volumes that behaves as .NET on Windows, on any host: paths,
/// share modes, deletes, attributes, times, watchers, and the exception types, HResults and messages of Windows.
/// </summary>
/// <remarks>
/// Guarantees: any thread (one lock per volume, shared by all file systems over it); streams of one file see each other's
/// writes; times come from the volume's clock; listing costs what the directory holds; no object is kept per file.
/// Leaves out, on purpose: access checks by ACL, 8.3 names, the device namespace. A volume that is also changed directly must
/// not be used from another thread at that time. What Windows itself does not support is listed in
/// <see cref="UnsupportedMembers"/>.
/// </remarks>
public sealed class SimFileSystem : IFileSystem
{
    private const string RandomLetters = "abcdefghijklmnopqrstuvwxyz012345";

    private readonly MountTable _mounts;
    private readonly Resolver _resolver;
    private long _randomCount;

    /// <summary>Shows a volume, and others that the options name, as drives.</summary>
    /// <param name="volume">Stands under <see cref="SimFileSystemOptions.DriveLetter"/>.</param>
    /// <param name="options">Null is the defaults: drive C:, current directory <c>C:\</c>.</param>
    public SimFileSystem(SimVolume volume, SimFileSystemOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(volume);
        Options = options ?? new SimFileSystemOptions();
        _mounts = new MountTable(volume, Options);
        _resolver = new Resolver(_mounts);
        var root = $@"{char.ToUpperInvariant(Options.DriveLetter)}:\";
        CurrentDirectory = FullPaths.Normalize(Options.CurrentDirectory ?? root, root);
        TempPath = FullPaths.Normalize(Options.TempPath ?? $@"{root}Temp", root).TrimEnd('\\') + "\\";
        File = new SimFile(this);
        Directory = new SimDirectory(this);
        Path = new WindowsPath(this);
        FileInfo = new SimFileInfoFactory(this);
        DirectoryInfo = new SimDirectoryInfoFactory(this);
        DriveInfo = new SimDriveInfoFactory(this);
        FileStream = new SimFileStreamFactory(this);
        FileSystemWatcher = new SimFileSystemWatcherFactory(this);
    }

    /// <summary>Options as given.</summary>
    public SimFileSystemOptions Options { get; }

    /// <inheritdoc/>
    public IFile File { get; }

    /// <inheritdoc/>
    public IDirectory Directory { get; }

    /// <inheritdoc/>
    public IPath Path { get; }

    /// <inheritdoc/>
    public IFileInfoFactory FileInfo { get; }

    /// <inheritdoc/>
    public IDirectoryInfoFactory DirectoryInfo { get; }

    /// <inheritdoc/>
    public IDriveInfoFactory DriveInfo { get; }

    /// <inheritdoc/>
    public IFileStreamFactory FileStream { get; }

    /// <inheritdoc/>
    public IFileSystemWatcherFactory FileSystemWatcher { get; }

    /// <summary>
    /// Holds the events of all watchers back until the result is disposed, as when the program under test is slow to take
    /// them: they wait in the watchers' buffers, which may overflow. May be nested.
    /// </summary>
    public IDisposable HoldWatchers() => new WatchHold(_mounts.Sessions);

    internal string CurrentDirectory { get; set; }

    internal string TempPath { get; }

    internal HandleNumbers Handles { get; } = new();

    internal IReadOnlyList<string> DriveRoots => _mounts.Drives;

    /// <summary>The full path of an argument named "path".</summary>
    internal string FullPath(string path) => Path.GetFullPath(path);

    /// <summary>The full path of what Exists asks for; false for what can be no path.</summary>
    internal bool TryFullPath([NotNullWhen(true)] string? path, out string fullPath)
    {
        fullPath = "";
        if (path is null || PathSyntax.IsEffectivelyEmpty(path) || path.Contains('\0'))
        {
            return false;
        }

        fullPath = FullPaths.Normalize(path, CurrentDirectory);
        return true;
    }

    internal VolumeSession? SessionOf(string fullPath) => Target.Parse(fullPath, _mounts).Session;

    /// <summary>Runs an action on what a full path leads to, within the lock of its volume.</summary>
    internal T Run<T>(string fullPath, bool follow, Func<Lookup, T> action) => _resolver.Run(fullPath, follow, action);

    /// <inheritdoc cref="Run{T}"/>
    internal void Run(string fullPath, bool follow, Action<Lookup> action) =>
        _resolver.Run(fullPath, follow, found =>
        {
            action(found);
            return true;
        });

    internal SimFileStream Open(
        string path,
        FileMode mode,
        FileAccess? access,
        FileShare share,
        FileOptions options = FileOptions.None,
        int bufferSize = 4096)
    {
        var request = OpenRequest.Of(this, path, mode, access, share, options, bufferSize);
        return new SimFileStream(Opener.Open(this, request), request.Access, append: mode == FileMode.Append);
    }

    internal bool FileExists(string fullPath) =>
        !PathSyntax.EndsInSeparator(fullPath)
        && Run(fullPath, follow: false, found => found.Exists && (!found.IsDirectory || found.Stream.Length > 0));

    internal bool DirectoryExists(string fullPath) =>
        Run(fullPath, follow: false, found => found is { Exists: true, Stream: "" } && found.IsDirectory);

    internal string RandomFileName()
    {
        var random = Random64();
        return string.Create(12, random, (name, bits) =>
        {
            for (var i = 0; i < name.Length; i++)
            {
                name[i] = i == 8 ? '.' : RandomLetters[(int)(bits & 31)];
                bits >>= i == 8 ? 0 : 5;
            }
        });
    }

    internal string CreateTempFile()
    {
        Directory.CreateDirectory(TempPath);
        while (true)
        {
            var path = $"{TempPath}tmp{Random64() & 0xFFFF:X4}.tmp";
            if (!FileExists(path) && !DirectoryExists(path))
            {
                Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.None).Dispose();
                return path;
            }
        }
    }

    /// <summary>What IO.Path.GetFullPath does with nothing at all is refused under the caller's parameter name.</summary>
    internal string FullPathOf(string? path, string parameter)
    {
        PathArguments.Require(path, parameter);
        return FullPath(path!);
    }

    /// <summary>Throws what Windows gives for a code, with a path.</summary>
    internal static Exception Failure(Win32Error error, string path) => WindowsErrors.For(error, path);

    private ulong Random64() => Mix.Of(Options.Seed, (ulong)Interlocked.Increment(ref _randomCount));
}
