using System.IO.Enumeration;
using Harness.Simulator.FileSystem.Entries;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Paths;

namespace Harness.Simulator.FileSystem.Directories;

/// <summary>
/// Enumeration of a directory: patterns, options and order as FileSystemEnumerable has them on Windows. The directory is
/// opened, and refused, at once; each directory is read as a whole when its turn comes, those below after those above.
/// </summary>
internal static class Listing
{
    public static EnumerationOptions OptionsFor(SearchOption searchOption) => searchOption switch
    {
        SearchOption.TopDirectoryOnly => Compatible(recurse: false),
        SearchOption.AllDirectories => Compatible(recurse: true),
        _ => throw new ArgumentOutOfRangeException(nameof(searchOption), "Enum value was out of legal range."),
    };

    /// <summary>The matching entries below a directory.</summary>
    /// <param name="fileSystem">Where.</param>
    /// <param name="path">As the caller gave it: results begin with it.</param>
    /// <param name="searchPattern">The caller's pattern; it may begin with directories.</param>
    /// <param name="enumerationOptions">How.</param>
    /// <param name="files">Whether files are wanted.</param>
    /// <param name="directories">Whether directories are wanted.</param>
    /// <param name="isFullPath">Whether the path is full and so stays as it is: a listed name may end in a period.</param>
    public static IEnumerable<ListedEntry> Enumerate(
        SimFileSystem fileSystem,
        string path,
        string searchPattern,
        EnumerationOptions enumerationOptions,
        bool files,
        bool directories,
        bool isFullPath = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(searchPattern);
        ArgumentNullException.ThrowIfNull(enumerationOptions);
        var (shown, expression) = Split(fileSystem, path, searchPattern, enumerationOptions.MatchType);
        var fullPath = isFullPath && shown.Equals(path, StringComparison.Ordinal) ? path : fileSystem.FullPath(shown);
        var root = PathSyntax.TrimEndingSeparator(fullPath).ToString();
        var first = Read(fileSystem, root);
        return Walk(fileSystem, shown, root, first, expression, enumerationOptions, files, directories);
    }

    private static EnumerationOptions Compatible(bool recurse) => new()
    {
        RecurseSubdirectories = recurse,
        MatchType = MatchType.Win32,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
    };

    /// <summary>"C:\foo" and "bar\*.cs" are "C:\foo\bar" and "*.cs"; ".", "*.*" and nothing are everything.</summary>
    private static (string Directory, string Expression) Split(
        SimFileSystem fileSystem, string path, string expression, MatchType matchType)
    {
        if (PathSyntax.IsRooted(expression))
        {
            throw new ArgumentException("Second path fragment must not be a drive or UNC name.", nameof(expression));
        }

        PathArguments.RequireNoNull(expression, nameof(expression));
        PathArguments.Require(path, nameof(path));
        PathArguments.RequireNoNull(path, nameof(path));
        var pattern = expression;
        var length = fileSystem.Path.GetDirectoryName(pattern.AsSpan()).Length;
        if (length > 0)
        {
            path = PathNames.Join(path, pattern.AsSpan(0, length));
            pattern = pattern[(length + 1)..];
        }

        if (matchType == MatchType.Win32)
        {
            pattern = pattern is "" or "." or "*.*" or "*" ? "*" : FileSystemName.TranslateWin32Expression(pattern);
        }

        return (path, pattern);
    }

    private static List<Row> Read(SimFileSystem fileSystem, string fullPath) =>
        fileSystem.Run(fullPath, follow: true, found =>
        {
            found.RequireAsDirectory();
            if (!found.IsDirectory || found.Stream.Length > 0)
            {
                throw WindowsErrors.For(Win32Error.DirectoryName, fullPath);
            }

            var names = found.Volume.Tables.Names;
            return found.Volume.ItemsAt(found.Index).ConvertAll(item => new Row(
                names.Get(item.NameRef), Metadata.StateOf(found.Volume.Settings, in found.Volume.RecordAt(item.File))));
        });

    private static IEnumerable<ListedEntry> Walk(
        SimFileSystem fileSystem,
        string shown,
        string root,
        List<Row> first,
        string expression,
        EnumerationOptions options,
        bool files,
        bool directories)
    {
        var pending = new Queue<(string Relative, int Depth)>();
        pending.Enqueue(("", options.MaxRecursionDepth));
        var rows = first;
        while (pending.TryDequeue(out var at))
        {
            rows ??= TryRead(fileSystem, PathNames.Join(root, at.Relative), options.IgnoreInaccessible);
            foreach (var row in options.ReturnSpecialDirectories ? rows.Prepend(Row.Parent).Prepend(Row.Self) : rows)
            {
                if (!row.IsSpecial && (row.State.Attributes & options.AttributesToSkip) != FileAttributes.None)
                {
                    continue;
                }

                if (row is { IsDirectory: true, IsSpecial: false } && options.RecurseSubdirectories && at.Depth > 0)
                {
                    pending.Enqueue((PathNames.Join(at.Relative, row.Name), at.Depth - 1));
                }

                if ((row.IsDirectory ? directories : files) && Matches(expression, row.Name, options))
                {
                    var relative = PathNames.Join(at.Relative, row.Name);
                    yield return new ListedEntry(
                        Show(shown, relative), PathNames.Join(root, relative), row.State);
                }
            }

            rows = null!;
        }
    }

    /// <summary>What is in <c>C:</c>, the current directory of a drive, is shown as <c>C:name</c>.</summary>
    private static string Show(string shown, string relative) =>
        shown.Length == 2 && shown[1] == PathSyntax.VolumeSeparator ? shown + relative : PathNames.Join(shown, relative);

    private static List<Row> TryRead(SimFileSystem fileSystem, string fullPath, bool ignoreInaccessible)
    {
        try
        {
            return Read(fileSystem, fullPath);
        }
        catch (DirectoryNotFoundException)
        {
            // It went away, or it is a link to nowhere: the enumeration goes on.
            return [];
        }
        catch (UnauthorizedAccessException) when (ignoreInaccessible)
        {
            return [];
        }
    }

    private static bool Matches(string expression, string name, EnumerationOptions options)
    {
        var ignoreCase = options.MatchCasing != MatchCasing.CaseSensitive;
        return options.MatchType == MatchType.Simple
            ? FileSystemName.MatchesSimpleExpression(expression, name, ignoreCase)
            : FileSystemName.MatchesWin32Expression(expression, name, ignoreCase);
    }

    private readonly record struct Row(string Name, EntryState State)
    {
        private static readonly EntryState Special = new(FileAttributes.Directory, 0, 0, 0, 0, null, Win32Error.None);

        public static readonly Row Self = new(".", Special);
        public static readonly Row Parent = new("..", Special);

        public bool IsDirectory => State.IsDirectory;

        public bool IsSpecial => Name is "." or "..";
    }
}

/// <summary>One entry found.</summary>
/// <param name="Shown">Path that begins as the caller gave it.</param>
/// <param name="FullPath">Full path.</param>
/// <param name="State">Attributes, times and size when its directory was read.</param>
internal readonly record struct ListedEntry(string Shown, string FullPath, EntryState State);
