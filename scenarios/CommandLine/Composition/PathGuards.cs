using Harness.Engine.Errors;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>Refuses layouts in which a run would read what it writes: a vault or scratch within the source, and the like.</summary>
internal static class PathGuards
{
    private static readonly StringComparison Comparison =
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>ArgumentInvalid when two directories lie one within the other.</summary>
    public static void RequireApart(string role, string directory, string otherRole, string other)
    {
        // An empty path names nothing; the verb that opens it says so.
        if (directory.Length == 0 || other.Length == 0)
        {
            return;
        }

        var first = Resolve(directory);
        var second = Resolve(other);
        if (first.StartsWith(second, Comparison) || second.StartsWith(first, Comparison))
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"The {role} '{directory}' and the {otherRole} '{other}' lie one within the other.",
                $"Choose a {otherRole} outside the {role}.");
        }
    }

    /// <summary>The full path with links resolved as far as it exists, and a separator at its end.</summary>
    private static string Resolve(string path)
    {
        var full = Path.GetFullPath(path);
        var resolved = Path.GetPathRoot(full)!;
        foreach (var part in full[resolved.Length..].Split(
            Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            resolved = Path.Combine(resolved, part);
            resolved = TryFollow(resolved) ?? resolved;
        }

        return resolved.EndsWith(Path.DirectorySeparatorChar) ? resolved : resolved + Path.DirectorySeparatorChar;
    }

    private static string? TryFollow(string path)
    {
        try
        {
            return new DirectoryInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
