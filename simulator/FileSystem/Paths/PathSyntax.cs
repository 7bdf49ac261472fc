namespace Harness.Simulator.FileSystem.Paths;

/// <summary>
/// The grammar of Windows paths, as "File path formats on Windows systems" tells it: drive, UNC and device roots, both
/// separators. Pure functions that know no file system.
/// </summary>
internal static class PathSyntax
{
    public const char Separator = '\\';
    public const char AltSeparator = '/';
    public const char VolumeSeparator = ':';

    private const int DevicePrefixLength = 4;
    private const int UncExtendedPrefixLength = 8;

    public static bool IsSeparator(char character) => character is Separator or AltSeparator;

    public static bool IsDriveLetter(char character) => char.IsAsciiLetter(character);

    /// <summary><c>\\?\</c>, <c>\\.\</c> or <c>\??\</c>, with either separator save in the last.</summary>
    public static bool IsDevice(ReadOnlySpan<char> path) =>
        IsExtended(path)
        || (path.Length >= DevicePrefixLength && IsSeparator(path[0]) && IsSeparator(path[1])
            && (path[2] is '.' or '?') && IsSeparator(path[3]));

    /// <summary>A path that Windows takes as it stands: <c>\\?\</c> or <c>\??\</c>, backslashes only.</summary>
    public static bool IsExtended(ReadOnlySpan<char> path) =>
        path.Length >= DevicePrefixLength && path[0] == '\\' && (path[1] is '\\' or '?') && path[2] == '?'
        && path[3] == '\\';

    /// <summary>How many characters the root has; 0 for a relative path.</summary>
    public static int RootLength(ReadOnlySpan<char> path)
    {
        var device = IsDevice(path);
        var deviceUnc = device && IsDeviceUnc(path);
        if ((!device || deviceUnc) && path.Length > 0 && IsSeparator(path[0]))
        {
            return deviceUnc || (path.Length > 1 && IsSeparator(path[1])) ? UncRootLength(path, deviceUnc) : 1;
        }

        if (device)
        {
            var at = DevicePrefixLength;
            while (at < path.Length && !IsSeparator(path[at]))
            {
                at++;
            }

            return at < path.Length && at > DevicePrefixLength ? at + 1 : at;
        }

        return path.Length >= 2 && path[1] == VolumeSeparator && IsDriveLetter(path[0])
            ? path.Length > 2 && IsSeparator(path[2]) ? 3 : 2
            : 0;
    }

    /// <summary>Whether the meaning of a path hangs on the current directory or drive.</summary>
    public static bool IsPartiallyQualified(ReadOnlySpan<char> path)
    {
        if (path.Length < 2)
        {
            return true;
        }

        if (IsSeparator(path[0]))
        {
            return !(path[1] == '?' || IsSeparator(path[1]));
        }

        return !(path.Length >= 3 && path[1] == VolumeSeparator && IsSeparator(path[2]) && IsDriveLetter(path[0]));
    }

    public static bool IsRooted(ReadOnlySpan<char> path) =>
        (path.Length >= 1 && IsSeparator(path[0]))
        || (path.Length >= 2 && IsDriveLetter(path[0]) && path[1] == VolumeSeparator);

    /// <summary>Nothing, or spaces only.</summary>
    public static bool IsEffectivelyEmpty(ReadOnlySpan<char> path) => path.TrimEnd(' ').IsEmpty;

    public static bool EndsInSeparator(ReadOnlySpan<char> path) => path.Length > 0 && IsSeparator(path[^1]);

    public static bool IsRoot(ReadOnlySpan<char> path) => path.Length == RootLength(path);

    /// <summary>Without one separator at the end, unless that belongs to the root.</summary>
    public static ReadOnlySpan<char> TrimEndingSeparator(ReadOnlySpan<char> path) =>
        EndsInSeparator(path) && !IsRoot(path) ? path[..^1] : path;

    /// <summary>Both separators and runs of them become one backslash; a run at the start of UNC paths is kept as two.</summary>
    public static string NormalizeSeparators(string path)
    {
        var normal = true;
        for (var i = 0; normal && i < path.Length; i++)
        {
            normal = !(IsSeparator(path[i])
                && (path[i] != Separator || (i > 0 && i + 1 < path.Length && IsSeparator(path[i + 1]))));
        }

        if (normal)
        {
            return path;
        }

        var builder = new System.Text.StringBuilder(path.Length);
        var start = 0;
        if (IsSeparator(path[0]))
        {
            start = 1;
            builder.Append(Separator);
        }

        for (var i = start; i < path.Length; i++)
        {
            if (!IsSeparator(path[i]))
            {
                builder.Append(path[i]);
            }
            else if (i + 1 >= path.Length || !IsSeparator(path[i + 1]))
            {
                builder.Append(Separator);
            }
        }

        return builder.ToString();
    }

    /// <summary>Resolves "." and ".." after the root and joins runs of separators; never climbs above the root.</summary>
    public static string RemoveRelativeSegments(string path, int rootLength)
    {
        var segments = new List<string>();
        var rest = path[rootLength..];
        foreach (var segment in rest.Split(Separator, AltSeparator))
        {
            switch (segment)
            {
                case "" or ".":
                    break;
                case "..":
                    if (segments.Count > 0)
                    {
                        segments.RemoveAt(segments.Count - 1);
                    }

                    break;
                default:
                    segments.Add(segment);
                    break;
            }
        }

        var root = path[..rootLength];
        var trailing = EndsInSeparator(rest) && (segments.Count > 0 || !EndsInSeparator(root)) ? "\\" : "";
        var joint = segments.Count > 0 && !EndsInSeparator(root) ? "\\" : "";
        return root + joint + string.Join('\\', segments) + trailing;
    }

    /// <summary>
    /// The extended form of a full path whose end Win32 would strip: a name that was listed may end in a period or a space.
    /// </summary>
    public static string WithExtendedPrefix(string fullPath) =>
        fullPath.Length == 0 || fullPath[^1] is not ('.' or ' ') || IsDevice(fullPath) ? fullPath
            : fullPath.StartsWith(@"\\", StringComparison.Ordinal) ? @"\\?\UNC\" + fullPath[2..]
            : @"\\?\" + fullPath;

    private static bool IsDeviceUnc(ReadOnlySpan<char> path) =>
        path.Length >= UncExtendedPrefixLength && IsDevice(path) && IsSeparator(path[7])
        && path[4..7].Equals("UNC", StringComparison.OrdinalIgnoreCase);

    private static int UncRootLength(ReadOnlySpan<char> path, bool deviceUnc)
    {
        var at = deviceUnc ? UncExtendedPrefixLength : 2;
        var separators = 2;
        while (at < path.Length && (!IsSeparator(path[at]) || --separators > 0))
        {
            at++;
        }

        return at;
    }
}
