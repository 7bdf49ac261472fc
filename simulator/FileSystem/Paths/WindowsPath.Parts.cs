using System.Diagnostics.CodeAnalysis;

namespace Harness.Simulator.FileSystem.Paths;

/// <summary>The parts of a path, and joins that look at no root.</summary>
public sealed partial class WindowsPath
{
    /// <inheritdoc/>
    public string? GetDirectoryName(string? path) => path is null ? null : PathNames.Directory(path);

    /// <inheritdoc/>
    public ReadOnlySpan<char> GetDirectoryName(ReadOnlySpan<char> path)
    {
        var length = PathSyntax.IsEffectivelyEmpty(path) ? -1 : PathNames.DirectoryLength(path);
        return length < 0 ? [] : path[..length];
    }

    /// <inheritdoc/>
    [return: NotNullIfNotNull(nameof(path))]
    public string? GetExtension(string? path) => path is null ? null : PathNames.Extension(path).ToString();

    /// <inheritdoc/>
    public ReadOnlySpan<char> GetExtension(ReadOnlySpan<char> path) => PathNames.Extension(path);

    /// <inheritdoc/>
    [return: NotNullIfNotNull(nameof(path))]
    public string? GetFileName(string? path) => path is null ? null : PathNames.FileName(path).ToString();

    /// <inheritdoc/>
    public ReadOnlySpan<char> GetFileName(ReadOnlySpan<char> path) => PathNames.FileName(path);

    /// <inheritdoc/>
    [return: NotNullIfNotNull(nameof(path))]
    public string? GetFileNameWithoutExtension(string? path) =>
        path is null ? null : PathNames.FileNameWithoutExtension(path).ToString();

    /// <inheritdoc/>
    public ReadOnlySpan<char> GetFileNameWithoutExtension(ReadOnlySpan<char> path) =>
        PathNames.FileNameWithoutExtension(path);

    /// <inheritdoc/>
    public string? GetPathRoot(string? path) => path is null ? null : PathNames.Root(path);

    /// <inheritdoc/>
    public ReadOnlySpan<char> GetPathRoot(ReadOnlySpan<char> path) =>
        PathSyntax.IsEffectivelyEmpty(path) ? [] : path[..PathSyntax.RootLength(path)];

    /// <inheritdoc/>
    public bool HasExtension([NotNullWhen(true)] string? path) => path is not null && HasExtension(path.AsSpan());

    /// <inheritdoc/>
    public bool HasExtension(ReadOnlySpan<char> path) => !PathNames.Extension(path).IsEmpty;

    /// <inheritdoc/>
    public bool IsPathRooted([NotNullWhen(true)] string? path) => path is not null && PathSyntax.IsRooted(path);

    /// <inheritdoc/>
    public bool IsPathRooted(ReadOnlySpan<char> path) => PathSyntax.IsRooted(path);

    /// <inheritdoc/>
    public bool IsPathFullyQualified(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return !PathSyntax.IsPartiallyQualified(path);
    }

    /// <inheritdoc/>
    public bool IsPathFullyQualified(ReadOnlySpan<char> path) => !PathSyntax.IsPartiallyQualified(path);

    /// <inheritdoc/>
    public bool EndsInDirectorySeparator(ReadOnlySpan<char> path) => PathSyntax.EndsInSeparator(path);

    /// <inheritdoc/>
    public bool EndsInDirectorySeparator(string? path) => PathSyntax.EndsInSeparator(path);

    /// <inheritdoc/>
    public ReadOnlySpan<char> TrimEndingDirectorySeparator(ReadOnlySpan<char> path) =>
        PathSyntax.TrimEndingSeparator(path);

    /// <inheritdoc/>
    public string TrimEndingDirectorySeparator(string path)
    {
        // The interface says otherwise, but .NET returns null for null.
        return path is null ? null! : PathSyntax.TrimEndingSeparator(path).ToString();
    }

    /// <inheritdoc/>
    public string Join(ReadOnlySpan<char> path1, ReadOnlySpan<char> path2) => PathNames.Join(path1, path2);

    /// <inheritdoc/>
    public string Join(ReadOnlySpan<char> path1, ReadOnlySpan<char> path2, ReadOnlySpan<char> path3) =>
        PathNames.Join(PathNames.Join(path1, path2), path3);

    /// <inheritdoc/>
    public string Join(
        ReadOnlySpan<char> path1, ReadOnlySpan<char> path2, ReadOnlySpan<char> path3, ReadOnlySpan<char> path4) =>
        PathNames.Join(Join(path1, path2, path3), path4);

    /// <inheritdoc/>
    public string Join(string? path1, string? path2) => PathNames.Join(path1, path2);

    /// <inheritdoc/>
    public string Join(string? path1, string? path2, string? path3) => Join(path1.AsSpan(), path2, path3);

    /// <inheritdoc/>
    public string Join(string? path1, string? path2, string? path3, string? path4) =>
        Join(path1.AsSpan(), path2, path3, path4);

    /// <inheritdoc/>
    public string Join(params string?[] paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return paths.Aggregate("", (joined, path) => PathNames.Join(joined, path));
    }

    /// <inheritdoc/>
    public bool TryJoin(
        ReadOnlySpan<char> path1, ReadOnlySpan<char> path2, Span<char> destination, out int charsWritten) =>
        TryWrite(Join(path1, path2), destination, out charsWritten);

    /// <inheritdoc/>
    public bool TryJoin(
        ReadOnlySpan<char> path1,
        ReadOnlySpan<char> path2,
        ReadOnlySpan<char> path3,
        Span<char> destination,
        out int charsWritten) => TryWrite(Join(path1, path2, path3), destination, out charsWritten);

    private static bool TryWrite(string joined, Span<char> destination, out int charsWritten)
    {
        var fits = joined.TryCopyTo(destination);
        charsWritten = fits ? joined.Length : 0;
        return fits;
    }
}
