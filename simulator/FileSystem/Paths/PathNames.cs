namespace Harness.Simulator.FileSystem.Paths;

/// <summary>Names, extensions and directories within Windows paths, as .NET's Path finds them on Windows.</summary>
internal static class PathNames
{
    public static ReadOnlySpan<char> FileName(ReadOnlySpan<char> path)
    {
        var root = PathSyntax.RootLength(path);
        var separator = path.LastIndexOfAny(PathSyntax.Separator, PathSyntax.AltSeparator);
        return path[(separator < root ? root : separator + 1)..];
    }

    public static ReadOnlySpan<char> FileNameWithoutExtension(ReadOnlySpan<char> path)
    {
        var name = FileName(path);
        var dot = name.LastIndexOf('.');
        return dot < 0 ? name : name[..dot];
    }

    public static ReadOnlySpan<char> Extension(ReadOnlySpan<char> path)
    {
        for (var i = path.Length - 1; i >= 0; i--)
        {
            if (path[i] == '.')
            {
                return i == path.Length - 1 ? [] : path[i..];
            }

            if (PathSyntax.IsSeparator(path[i]))
            {
                break;
            }
        }

        return [];
    }

    /// <summary>Length of the directory part; -1 for a root or nothing.</summary>
    public static int DirectoryLength(ReadOnlySpan<char> path)
    {
        var root = PathSyntax.RootLength(path);
        var end = path.Length;
        if (end <= root)
        {
            return -1;
        }

        while (end > root && !PathSyntax.IsSeparator(path[--end]))
        {
        }

        while (end > root && PathSyntax.IsSeparator(path[end - 1]))
        {
            end--;
        }

        return end;
    }

    /// <summary>The directory of a path with normal separators; null for a root or nothing.</summary>
    public static string? Directory(string path)
    {
        var length = PathSyntax.IsEffectivelyEmpty(path) ? -1 : DirectoryLength(path);
        return length < 0 ? null : PathSyntax.NormalizeSeparators(path[..length]);
    }

    public static string? Root(string path)
    {
        if (PathSyntax.IsEffectivelyEmpty(path))
        {
            return null;
        }

        return PathSyntax.NormalizeSeparators(path[..PathSyntax.RootLength(path)]);
    }

    public static string? ChangeExtension(string? path, string? extension)
    {
        if (string.IsNullOrEmpty(path))
        {
            return path;
        }

        var end = path.Length;
        for (var i = path.Length - 1; i >= 0 && !PathSyntax.IsSeparator(path[i]); i--)
        {
            if (path[i] == '.')
            {
                end = i;
                break;
            }
        }

        return extension is null ? path[..end]
            : extension.StartsWith('.') ? path[..end] + extension
            : $"{path[..end]}.{extension}";
    }

    /// <summary>Joins without looking at roots; nothing is dropped.</summary>
    public static string Join(ReadOnlySpan<char> first, ReadOnlySpan<char> second) =>
        first.IsEmpty ? second.ToString()
            : second.IsEmpty ? first.ToString()
            : PathSyntax.IsSeparator(first[^1]) || PathSyntax.IsSeparator(second[0]) ? string.Concat(first, second)
            : string.Concat(first, "\\", second);

    /// <summary>A rooted second path wins; a drive-relative one counts as rooted.</summary>
    public static string Combine(string first, string second) =>
        second.Length == 0 ? first
            : first.Length == 0 || PathSyntax.IsRooted(second) ? second
            : Join(first, second);

    /// <summary>The way from one full path to another, ignoring case; the second itself when the roots differ.</summary>
    public static string Relative(string from, string to)
    {
        if (!AreRootsEqual(from, to))
        {
            return to;
        }

        var common = CommonLength(from, to);
        if (common == 0)
        {
            return to;
        }

        var fromLength = from.Length - (PathSyntax.EndsInSeparator(from) ? 1 : 0);
        var toEndsInSeparator = PathSyntax.EndsInSeparator(to);
        var toLength = to.Length - (toEndsInSeparator ? 1 : 0);
        if (fromLength == toLength && common >= fromLength)
        {
            return ".";
        }

        var builder = new System.Text.StringBuilder();
        if (common < fromLength)
        {
            builder.Append("..");
            for (var i = common + 1; i < fromLength; i++)
            {
                if (PathSyntax.IsSeparator(from[i]))
                {
                    builder.Append(@"\..");
                }
            }
        }
        else if (PathSyntax.IsSeparator(to[common]))
        {
            common++;
        }

        var rest = toLength - common + (toEndsInSeparator ? 1 : 0);
        if (rest > 0)
        {
            builder.Append(builder.Length > 0 ? "\\" : "").Append(to, common, rest);
        }

        return builder.ToString();
    }

    private static bool AreRootsEqual(string from, string to)
    {
        var length = PathSyntax.RootLength(from);
        return length == PathSyntax.RootLength(to)
            && string.Compare(from, 0, to, 0, length, StringComparison.OrdinalIgnoreCase) == 0;
    }

    /// <summary>Length of the common part, ending at a segment's boundary.</summary>
    private static int CommonLength(string from, string to)
    {
        var common = 0;
        while (common < from.Length && common < to.Length
            && char.ToUpperInvariant(from[common]) == char.ToUpperInvariant(to[common]))
        {
            common++;
        }

        if (common == 0
            || (common == from.Length && (common == to.Length || PathSyntax.IsSeparator(to[common])))
            || (common == to.Length && PathSyntax.IsSeparator(from[common])))
        {
            return common;
        }

        while (common > 0 && !PathSyntax.IsSeparator(from[common - 1]))
        {
            common--;
        }

        return common;
    }
}
