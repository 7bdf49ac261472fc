namespace Harness.Simulator.FileSystem.Directories;

/// <summary>Enumeration by path.</summary>
public sealed partial class SimDirectory
{
    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFiles(string path) =>
        List(path, "*", SearchOption.TopDirectoryOnly, files: true, directories: false);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFiles(string path, string searchPattern) =>
        List(path, searchPattern, SearchOption.TopDirectoryOnly, files: true, directories: false);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFiles(string path, string searchPattern, SearchOption searchOption) =>
        List(path, searchPattern, searchOption, files: true, directories: false);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFiles(
        string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        List(path, searchPattern, enumerationOptions, files: true, directories: false);

    /// <inheritdoc/>
    public string[] GetFiles(string path) =>
        [.. List(path, "*", SearchOption.TopDirectoryOnly, files: true, directories: false)];

    /// <inheritdoc/>
    public string[] GetFiles(string path, string searchPattern) =>
        [.. List(path, searchPattern, SearchOption.TopDirectoryOnly, files: true, directories: false)];

    /// <inheritdoc/>
    public string[] GetFiles(string path, string searchPattern, SearchOption searchOption) =>
        [.. List(path, searchPattern, searchOption, files: true, directories: false)];

    /// <inheritdoc/>
    public string[] GetFiles(string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        [.. List(path, searchPattern, enumerationOptions, files: true, directories: false)];

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateDirectories(string path) =>
        List(path, "*", SearchOption.TopDirectoryOnly, files: false, directories: true);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateDirectories(string path, string searchPattern) =>
        List(path, searchPattern, SearchOption.TopDirectoryOnly, files: false, directories: true);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateDirectories(string path, string searchPattern, SearchOption searchOption) =>
        List(path, searchPattern, searchOption, files: false, directories: true);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateDirectories(
        string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        List(path, searchPattern, enumerationOptions, files: false, directories: true);

    /// <inheritdoc/>
    public string[] GetDirectories(string path) =>
        [.. List(path, "*", SearchOption.TopDirectoryOnly, files: false, directories: true)];

    /// <inheritdoc/>
    public string[] GetDirectories(string path, string searchPattern) =>
        [.. List(path, searchPattern, SearchOption.TopDirectoryOnly, files: false, directories: true)];

    /// <inheritdoc/>
    public string[] GetDirectories(string path, string searchPattern, SearchOption searchOption) =>
        [.. List(path, searchPattern, searchOption, files: false, directories: true)];

    /// <inheritdoc/>
    public string[] GetDirectories(string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        [.. List(path, searchPattern, enumerationOptions, files: false, directories: true)];

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFileSystemEntries(string path) =>
        List(path, "*", SearchOption.TopDirectoryOnly, files: true, directories: true);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFileSystemEntries(string path, string searchPattern) =>
        List(path, searchPattern, SearchOption.TopDirectoryOnly, files: true, directories: true);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFileSystemEntries(
        string path, string searchPattern, SearchOption searchOption) =>
        List(path, searchPattern, searchOption, files: true, directories: true);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFileSystemEntries(
        string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        List(path, searchPattern, enumerationOptions, files: true, directories: true);

    /// <inheritdoc/>
    public string[] GetFileSystemEntries(string path) =>
        [.. List(path, "*", SearchOption.TopDirectoryOnly, files: true, directories: true)];

    /// <inheritdoc/>
    public string[] GetFileSystemEntries(string path, string searchPattern) =>
        [.. List(path, searchPattern, SearchOption.TopDirectoryOnly, files: true, directories: true)];

    private IEnumerable<string> List(
        string path, string searchPattern, SearchOption searchOption, bool files, bool directories) =>
        List(path, searchPattern, Listing.OptionsFor(searchOption), files, directories);

    private IEnumerable<string> List(
        string path, string searchPattern, EnumerationOptions enumerationOptions, bool files, bool directories) =>
        Listing.Enumerate(_fileSystem, path, searchPattern, enumerationOptions, files, directories)
            .Select(entry => entry.Shown);
}
