using System.Diagnostics.CodeAnalysis;
using System.IO.Abstractions;
using Harness.Simulator.FileSystem.Errors;

namespace Harness.Simulator.FileSystem.Paths;

/// <summary>
/// <see cref="IPath"/> with the rules of Windows on any host: drive-relative (<c>C:foo</c>), rooted (<c>\foo</c>), UNC and
/// device paths, both separators, names compared without case. The current directory, the temporary directory and random
/// names are the file system's. Any thread.
/// </summary>
public sealed partial class WindowsPath : IPath
{
    private readonly SimFileSystem _fileSystem;

    internal WindowsPath(SimFileSystem fileSystem) => _fileSystem = fileSystem;

    /// <inheritdoc/>
    public IFileSystem FileSystem => _fileSystem;

    /// <inheritdoc/>
    public char DirectorySeparatorChar => PathSyntax.Separator;

    /// <inheritdoc/>
    public char AltDirectorySeparatorChar => PathSyntax.AltSeparator;

    /// <inheritdoc/>
    public char VolumeSeparatorChar => PathSyntax.VolumeSeparator;

    /// <inheritdoc/>
    public char PathSeparator => ';';

    /// <inheritdoc/>
    [Obsolete("Use GetInvalidPathChars or GetInvalidFileNameChars, as in System.IO.Path.")]
    public char[] InvalidPathChars => GetInvalidPathChars();

    /// <inheritdoc/>
    public char[] GetInvalidPathChars() => ['|', .. Controls()];

    /// <inheritdoc/>
    public char[] GetInvalidFileNameChars() => ['"', '<', '>', '|', .. Controls(), ':', '*', '?', '\\', '/'];

    /// <inheritdoc/>
    public string GetFullPath(string path)
    {
        PathArguments.RequireUsable(path, nameof(path));
        var fullPath = FullPaths.Normalize(path, _fileSystem.CurrentDirectory);
        return fullPath.Length <= FullPaths.MaxUnits || PathSyntax.IsExtended(fullPath)
            ? fullPath
            : throw WindowsErrors.For(Win32Error.FilenameTooLong, path);
    }

    /// <inheritdoc/>
    public string GetFullPath(string path, string basePath)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(basePath);
        if (PathSyntax.IsPartiallyQualified(basePath))
        {
            throw new ArgumentException("Basepath argument is not fully qualified.", nameof(basePath));
        }

        PathArguments.RequireNoNull(basePath, nameof(basePath));
        PathArguments.RequireNoNull(path, nameof(path));
        if (!PathSyntax.IsPartiallyQualified(path))
        {
            return FullPaths.Normalize(path, basePath);
        }

        if (PathSyntax.IsEffectivelyEmpty(path))
        {
            return basePath;
        }

        var combined = OnBase(path, basePath);
        return PathSyntax.IsDevice(combined)
            ? PathSyntax.RemoveRelativeSegments(combined, PathSyntax.RootLength(combined))
            : FullPaths.Normalize(combined, basePath);
    }

    /// <inheritdoc/>
    public string GetRelativePath(string relativeTo, string path)
    {
        RequireText(relativeTo, nameof(relativeTo));
        RequireText(path, nameof(path));
        return PathNames.Relative(GetFullPath(relativeTo), GetFullPath(path));
    }

    /// <inheritdoc/>
    public string GetTempPath() => _fileSystem.TempPath;

    /// <inheritdoc/>
    public string GetTempFileName() => _fileSystem.CreateTempFile();

    /// <inheritdoc/>
    public string GetRandomFileName() => _fileSystem.RandomFileName();

    /// <inheritdoc/>
    [return: NotNullIfNotNull(nameof(path))]
    public string? ChangeExtension(string? path, string? extension) => PathNames.ChangeExtension(path, extension);

    /// <inheritdoc/>
    public string Combine(params string[] paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return paths.Aggregate("", (combined, path) =>
        {
            ArgumentNullException.ThrowIfNull(path, nameof(paths));
            return PathNames.Combine(combined, path);
        });
    }

    /// <inheritdoc/>
    public string Combine(string path1, string path2)
    {
        ArgumentNullException.ThrowIfNull(path1);
        ArgumentNullException.ThrowIfNull(path2);
        return PathNames.Combine(path1, path2);
    }

    /// <inheritdoc/>
    public string Combine(string path1, string path2, string path3)
    {
        ArgumentNullException.ThrowIfNull(path3);
        return PathNames.Combine(Combine(path1, path2), path3);
    }

    /// <inheritdoc/>
    public string Combine(string path1, string path2, string path3, string path4)
    {
        ArgumentNullException.ThrowIfNull(path4);
        return PathNames.Combine(Combine(path1, path2, path3), path4);
    }

    private static IEnumerable<char> Controls() => Enumerable.Range(0, ' ').Select(code => (char)code);

    private static void RequireText(string path, string parameter)
    {
        ArgumentNullException.ThrowIfNull(path, parameter);
        if (PathSyntax.IsEffectivelyEmpty(path))
        {
            throw new ArgumentException("The path is empty.", parameter);
        }
    }

    private static string OnBase(string path, string basePath)
    {
        if (PathSyntax.IsSeparator(path[0]))
        {
            return PathNames.Join(PathNames.Root(basePath), path.AsSpan(1));
        }

        if (path.Length < 2 || path[1] != PathSyntax.VolumeSeparator || !PathSyntax.IsDriveLetter(path[0]))
        {
            return PathNames.Join(basePath, path);
        }

        var device = PathSyntax.IsDevice(basePath) ? basePath[..4] : "";
        var drive = basePath.AsSpan(device.Length);
        return drive.Length >= 2 && drive[..2].Equals(path.AsSpan(0, 2), StringComparison.OrdinalIgnoreCase)
            ? PathNames.Join(basePath, path.AsSpan(2))
            : $@"{device}{path[..2]}\{path[2..]}";
    }
}
