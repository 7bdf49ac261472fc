using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Paths;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Entries;

/// <summary>A full Windows path taken apart: which volume, which names on it, which stream; or why it can be none.</summary>
internal readonly record struct Target
{
    private const int MaxPathUnits = 32767;

    /// <summary>The full path as it was given, for messages.</summary>
    public required string FullPath { get; init; }

    public VolumeSession? Session { get; init; }

    /// <summary>Root of the volume as the path names it, with a separator at its end.</summary>
    public string Root { get; init; }

    /// <summary>Names from the root.</summary>
    public string[] Names { get; init; }

    /// <summary>"" is the unnamed stream.</summary>
    public string Stream { get; init; }

    public bool EndsInSeparator { get; init; }

    public Win32Error Error { get; init; }

    /// <summary>Path on the volume.</summary>
    public string VolumePath => string.Join('/', Names);

    public static Target Parse(string fullPath, MountTable mounts)
    {
        var failed = new Target { FullPath = fullPath, Root = "", Names = [], Stream = "" };
        if (fullPath.Length > MaxPathUnits)
        {
            return failed with { Error = Win32Error.FilenameTooLong };
        }

        var plain = WithoutDevicePrefix(fullPath);
        if (mounts.Find(plain, out var rootLength) is not { } session)
        {
            var isUnc = plain.StartsWith(@"\\", StringComparison.Ordinal) && !PathSyntax.IsDevice(plain);
            return failed with { Error = isUnc ? Win32Error.BadNetworkPath : Win32Error.PathNotFound };
        }

        var rest = plain[rootLength..];
        var names = rest.Split('\\', StringSplitOptions.RemoveEmptyEntries);
        var stream = "";
        if (names.Length > 0 && session.Volume.Settings.HasWindowsRules && !TakeStream(ref names[^1], out stream))
        {
            return failed with { Session = session, Error = Win32Error.InvalidName };
        }

        var valid = Array.TrueForAll(names, name => IsName(name, session.Volume.Settings));
        return new Target
        {
            FullPath = fullPath,
            Session = session,
            Root = plain[..rootLength].TrimEnd('\\') + "\\",
            Names = names,
            Stream = stream,
            EndsInSeparator = rest.EndsWith('\\') && names.Length > 0,
            Error = valid ? Win32Error.None : Win32Error.InvalidName,
        };
    }

    /// <summary><c>\\?\C:\</c> and <c>\\.\C:\</c> are <c>C:\</c>, <c>\\?\UNC\</c> is <c>\\</c>.</summary>
    private static string WithoutDevicePrefix(string path)
    {
        if (!PathSyntax.IsDevice(path))
        {
            return path;
        }

        return path.AsSpan(4).StartsWith(@"UNC\", StringComparison.OrdinalIgnoreCase) ? @"\\" + path[8..] : path[4..];
    }

    /// <summary>Splits <c>name:stream:$DATA</c>; false when the form is none of NTFS.</summary>
    private static bool TakeStream(ref string name, out string stream)
    {
        stream = "";
        var parts = name.Split(':');
        if (parts.Length == 1)
        {
            return true;
        }

        name = parts[0];
        stream = parts[1];
        return parts.Length == 2
            ? stream.Length > 0
            : parts.Length == 3 && parts[2].Equals("$DATA", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsName(string name, VolumeSettings settings)
    {
        if (name.Length is 0 or > WindowsNames.MaxUnits)
        {
            return false;
        }

        foreach (var character in name)
        {
            if (character == '/' || (settings.HasWindowsRules && (character < ' ' || "\"*:<>?|".Contains(character))))
            {
                return false;
            }
        }

        return true;
    }
}
