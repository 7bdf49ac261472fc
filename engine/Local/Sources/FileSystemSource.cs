using System.IO.Abstractions;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Engine.Local.Sources;

/// <summary>
/// A directory of anything that implements <see cref="IFileSystem"/> as a data source: a mock, a simulated volume, a wrapper.
/// </summary>
/// <remarks>
/// The interface knows neither inodes nor links, streams, holes or change times: a rename looks like a deletion and a
/// creation, hard links like files, every file is read again in each run, and consistency is
/// <see cref="ConsistencyLevel.Crash"/>. Real disks are better served by <see cref="LinuxDirectorySource"/>.
/// </remarks>
public sealed class FileSystemSource : IDataSource
{
    private readonly IFileSystem _files;
    private readonly string _root;
    private readonly TimeProvider _clock;
    private readonly FileSystemSourceOptions _options;

    /// <summary>Creates the source; nothing is touched yet.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="root">The directory in it.</param>
    /// <param name="clock">Tells when a snapshot was taken.</param>
    /// <param name="options">What the interface cannot tell of the volume; null takes the defaults.</param>
    public FileSystemSource(IFileSystem files, string root, TimeProvider clock, FileSystemSourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(clock);
        (_files, _root, _clock, _options) = (files, files.Path.GetFullPath(root), clock, options ?? new());
    }

    /// <inheritdoc/>
    public string DefaultName => _files.DirectoryInfo.FromDirectoryName(_root).Name is { Length: > 0 } name
        && name.IndexOfAny(['/', '\\', ':']) < 0 ? name : "root";

    /// <inheritdoc/>
    public ValueTask<VolumeInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireRoot();
        var (isCaseSensitive, evidence) = _options.IsCaseSensitive is { } stated ? (stated, "stated by the caller") : ProbeCase();
        return ValueTask.FromResult(new VolumeInfo
        {
            FileSystem = _options.FileSystem,
            FileSystemName = $"{_options.FileSystem} ({_files.GetType().Name})",
            IsCaseSensitive = isCaseSensitive,
            CaseEvidence = evidence,
            HasReliableChangeTime = false,
        });
    }

    /// <inheritdoc/>
    public ValueTask<ISnapshot> CreateSnapshotAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireRoot();
        return ValueTask.FromResult<ISnapshot>(new FileSystemSnapshot(_files, _root, _clock.GetUtcNow()));
    }

    private void RequireRoot()
    {
        if (!_files.Directory.Exists(_root))
        {
            throw new BackupException(
                ErrorCode.SourceNotFound,
                _files.File.Exists(_root)
                    ? $"The source '{_root}' is not a directory."
                    : $"The source '{_root}' does not exist.",
                "Check the path.");
        }
    }

    private (bool IsCaseSensitive, string Evidence) ProbeCase()
    {
        try
        {
            var names = _files.DirectoryInfo.FromDirectoryName(_root).EnumerateFileSystemInfos()
                .Select(info => info.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var name in names.Order(StringComparer.Ordinal))
            {
                var swapped = CaseProbe.SwapCase(name);
                if (swapped == name)
                {
                    continue;
                }

                var path = _files.Path.Combine(_root, swapped);
                var isFound = _files.File.Exists(path) || _files.Directory.Exists(path);
                return names.Contains(swapped) ? (true, $"it holds both '{name}' and '{swapped}'")
                    : isFound ? (false, $"'{swapped}' finds '{name}'")
                    : (true, $"'{swapped}' does not find '{name}'");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The listing will report it; the rules ask for the safe side.
        }

        return (true, "there is no name to try");
    }
}

/// <summary>What <see cref="IFileSystem"/> cannot tell of a volume.</summary>
public sealed record FileSystemSourceOptions
{
    /// <summary>Whether names are told apart by case; null finds out by looking up a name in swapped case.</summary>
    public bool? IsCaseSensitive { get; init; }

    /// <summary>The file system that is behind or imitated.</summary>
    public FileSystemKind FileSystem { get; init; } = FileSystemKind.Other;
}
