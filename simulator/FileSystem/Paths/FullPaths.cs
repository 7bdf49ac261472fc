using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Paths;

/// <summary>
/// What GetFullPathName makes of a path: the steps of "Path normalization" in "File path formats on Windows systems".
/// </summary>
internal static class FullPaths
{
    /// <summary>Longest path that GetFullPathName returns, in UTF-16 units.</summary>
    public const int MaxUnits = 32766;

    private const int DevicePrefixLength = 4;

    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>The full path of anything but an extended path.</summary>
    /// <param name="path">Not empty, no null character.</param>
    /// <param name="currentDirectory">Full path of the current directory.</param>
    public static string Normalize(string path, string currentDirectory)
    {
        if (PathSyntax.IsExtended(path))
        {
            return path;
        }

        if (LegacyDevice(path) is { } device)
        {
            return $@"\\.\{device}";
        }

        var qualified = Qualify(path, currentDirectory);
        var rootLength = RootToKeep(qualified);
        var root = qualified[..rootLength].Replace(PathSyntax.AltSeparator, PathSyntax.Separator);
        return Clean(root, qualified[rootLength..]);
    }

    private static string Qualify(string path, string currentDirectory)
    {
        if (!PathSyntax.IsPartiallyQualified(path))
        {
            return path;
        }

        var currentRoot = currentDirectory[..PathSyntax.RootLength(currentDirectory)];
        if (PathSyntax.IsSeparator(path[0]))
        {
            return Join(currentRoot, path[1..]);
        }

        if (path.Length >= 2 && path[1] == PathSyntax.VolumeSeparator && PathSyntax.IsDriveLetter(path[0]))
        {
            // Only the current drive has a current directory here; a process has others when cmd.exe set them.
            var sameDrive = currentDirectory.Length >= 2 && currentDirectory[1] == PathSyntax.VolumeSeparator
                && char.ToUpperInvariant(currentDirectory[0]) == char.ToUpperInvariant(path[0]);
            return Join(sameDrive ? currentDirectory : $@"{path[0]}:\", path[2..]);
        }

        return Join(currentDirectory, path);
    }

    private static string Join(string directory, string rest) =>
        rest.Length == 0 ? directory
            : PathSyntax.EndsInSeparator(directory) ? directory + rest
            : $@"{directory}\{rest}";

    /// <summary>".." stops at the root; of a device path only the prefix stands fast.</summary>
    private static int RootToKeep(string path) =>
        PathSyntax.IsDevice(path) ? DevicePrefixLength : PathSyntax.RootLength(path);

    private static string Clean(string root, string rest)
    {
        var raw = rest.Split(PathSyntax.Separator, PathSyntax.AltSeparator);
        var segments = new List<string>(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            Add(segments, raw[i], isLast: i == raw.Length - 1);
        }

        // A separator at the end is kept, also where only periods and spaces were stripped after it.
        var trailing = segments.Count > 0 && raw[^1] is not ("." or "..") && raw[^1].TrimEnd('.', ' ').Length == 0;
        var uncRootOpen = root.StartsWith(@"\\", StringComparison.Ordinal) && !PathSyntax.EndsInSeparator(root);
        var joint = uncRootOpen && (segments.Count > 0 || (raw.Length > 1 && raw[^1] is not ("." or ".."))) ? "\\" : "";
        return root + joint + string.Join('\\', segments) + (trailing ? "\\" : "");
    }

    private static void Add(List<string> segments, string segment, bool isLast)
    {
        switch (segment)
        {
            case "" or ".":
                return;
            case "..":
                if (segments.Count > 0)
                {
                    segments.RemoveAt(segments.Count - 1);
                }

                return;
        }

        // "If a segment ends in a single period, that period is removed"; at the end of a path go all periods and spaces.
        var kept = isLast ? segment.TrimEnd('.', ' ')
            : segment[^1] == '.' && segment[^2] != '.' ? segment[..^1]
            : segment;
        if (kept.Length > 0)
        {
            segments.Add(kept);
        }
    }

    /// <summary>
    /// The device that a whole path names ("CON", "nul:", "COM1"); null when it is none. In a directory, or with an extension,
    /// these names are ordinary to GetFullPath since Windows 11, and the volume refuses them when they are made.
    /// </summary>
    private static string? LegacyDevice(string path)
    {
        var name = path.AsSpan().TrimEnd(' ').TrimEnd(':').TrimEnd(' ');
        foreach (var device in Devices)
        {
            if (name.Equals(device, StringComparison.OrdinalIgnoreCase))
            {
                return name.ToString();
            }
        }

        var isPort = name.Length == 4 && WindowsNames.WhyInvalid(name) is not null && char.IsAsciiLetter(name[0])
            && (name.StartsWith("COM", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("LPT", StringComparison.OrdinalIgnoreCase));
        return isPort && char.IsAsciiDigit(name[3]) ? name.ToString() : null;
    }
}
