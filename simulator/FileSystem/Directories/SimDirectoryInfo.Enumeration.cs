using System.IO.Abstractions;
using Harness.Simulator.FileSystem.Entries;

namespace Harness.Simulator.FileSystem.Directories;

/// <summary>Enumeration of what is in the directory.</summary>
internal sealed partial class SimDirectoryInfo
{
    /// <inheritdoc/>
    public IEnumerable<IFileInfo> EnumerateFiles() =>
        List("*", SearchOption.TopDirectoryOnly, files: true, directories: false).Cast<IFileInfo>();

    /// <inheritdoc/>
    public IEnumerable<IFileInfo> EnumerateFiles(string searchPattern) =>
        List(searchPattern, SearchOption.TopDirectoryOnly, files: true, directories: false).Cast<IFileInfo>();

    /// <inheritdoc/>
    public IEnumerable<IFileInfo> EnumerateFiles(string searchPattern, SearchOption searchOption) =>
        List(searchPattern, searchOption, files: true, directories: false).Cast<IFileInfo>();

    /// <inheritdoc/>
    public IEnumerable<IFileInfo> EnumerateFiles(string searchPattern, EnumerationOptions enumerationOptions) =>
        List(searchPattern, enumerationOptions, files: true, directories: false).Cast<IFileInfo>();

    /// <inheritdoc/>
    public IFileInfo[] GetFiles() =>
        [.. List("*", SearchOption.TopDirectoryOnly, files: true, directories: false).Cast<IFileInfo>()];

    /// <inheritdoc/>
    public IFileInfo[] GetFiles(string searchPattern) =>
        [.. List(searchPattern, SearchOption.TopDirectoryOnly, files: true, directories: false).Cast<IFileInfo>()];

    /// <inheritdoc/>
    public IFileInfo[] GetFiles(string searchPattern, SearchOption searchOption) =>
        [.. List(searchPattern, searchOption, files: true, directories: false).Cast<IFileInfo>()];

    /// <inheritdoc/>
    public IFileInfo[] GetFiles(string searchPattern, EnumerationOptions enumerationOptions) =>
        [.. List(searchPattern, enumerationOptions, files: true, directories: false).Cast<IFileInfo>()];

    /// <inheritdoc/>
    public IEnumerable<IDirectoryInfo> EnumerateDirectories() =>
        List("*", SearchOption.TopDirectoryOnly, files: false, directories: true).Cast<IDirectoryInfo>();

    /// <inheritdoc/>
    public IEnumerable<IDirectoryInfo> EnumerateDirectories(string searchPattern) =>
        List(searchPattern, SearchOption.TopDirectoryOnly, files: false, directories: true).Cast<IDirectoryInfo>();

    /// <inheritdoc/>
    public IEnumerable<IDirectoryInfo> EnumerateDirectories(string searchPattern, SearchOption searchOption) =>
        List(searchPattern, searchOption, files: false, directories: true).Cast<IDirectoryInfo>();

    /// <inheritdoc/>
    public IEnumerable<IDirectoryInfo> EnumerateDirectories(
        string searchPattern, EnumerationOptions enumerationOptions) =>
        List(searchPattern, enumerationOptions, files: false, directories: true).Cast<IDirectoryInfo>();

    /// <inheritdoc/>
    public IDirectoryInfo[] GetDirectories() =>
        [.. List("*", SearchOption.TopDirectoryOnly, files: false, directories: true).Cast<IDirectoryInfo>()];

    /// <inheritdoc/>
    public IDirectoryInfo[] GetDirectories(string searchPattern) =>
        [.. List(searchPattern, SearchOption.TopDirectoryOnly, files: false, directories: true).Cast<IDirectoryInfo>()];

    /// <inheritdoc/>
    public IDirectoryInfo[] GetDirectories(string searchPattern, SearchOption searchOption) =>
        [.. List(searchPattern, searchOption, files: false, directories: true).Cast<IDirectoryInfo>()];

    /// <inheritdoc/>
    public IDirectoryInfo[] GetDirectories(string searchPattern, EnumerationOptions enumerationOptions) =>
        [.. List(searchPattern, enumerationOptions, files: false, directories: true).Cast<IDirectoryInfo>()];

    /// <inheritdoc/>
    public IEnumerable<IFileSystemInfo> EnumerateFileSystemInfos() =>
        List("*", SearchOption.TopDirectoryOnly, files: true, directories: true);

    /// <inheritdoc/>
    public IEnumerable<IFileSystemInfo> EnumerateFileSystemInfos(string searchPattern) =>
        List(searchPattern, SearchOption.TopDirectoryOnly, files: true, directories: true);

    /// <inheritdoc/>
    public IEnumerable<IFileSystemInfo> EnumerateFileSystemInfos(string searchPattern, SearchOption searchOption) =>
        List(searchPattern, searchOption, files: true, directories: true);

    /// <inheritdoc/>
    public IEnumerable<IFileSystemInfo> EnumerateFileSystemInfos(
        string searchPattern, EnumerationOptions enumerationOptions) =>
        List(searchPattern, enumerationOptions, files: true, directories: true);

    /// <inheritdoc/>
    public IFileSystemInfo[] GetFileSystemInfos() =>
        [.. List("*", SearchOption.TopDirectoryOnly, files: true, directories: true)];

    /// <inheritdoc/>
    public IFileSystemInfo[] GetFileSystemInfos(string searchPattern) =>
        [.. List(searchPattern, SearchOption.TopDirectoryOnly, files: true, directories: true)];

    /// <inheritdoc/>
    public IFileSystemInfo[] GetFileSystemInfos(string searchPattern, SearchOption searchOption) =>
        [.. List(searchPattern, searchOption, files: true, directories: true)];

    /// <inheritdoc/>
    public IFileSystemInfo[] GetFileSystemInfos(string searchPattern, EnumerationOptions enumerationOptions) =>
        [.. List(searchPattern, enumerationOptions, files: true, directories: true)];

    private IEnumerable<IFileSystemInfo> List(
        string searchPattern, SearchOption searchOption, bool files, bool directories) =>
        List(searchPattern, Listing.OptionsFor(searchOption), files, directories);

    private IEnumerable<IFileSystemInfo> List(
        string searchPattern, EnumerationOptions enumerationOptions, bool files, bool directories) =>
        Listing.Enumerate(Owner, FullName, searchPattern, enumerationOptions, files, directories, isFullPath: true)
            .Select(entry =>
            {
                SimFileSystemInfo info = entry.State.IsDirectory
                    ? new SimDirectoryInfo(Owner, entry.FullPath)
                    : new Files.SimFileInfo(Owner, entry.FullPath);
                info.Preset(entry.State);
                return info;
            });
}
