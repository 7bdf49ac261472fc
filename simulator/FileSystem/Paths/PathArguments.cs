namespace Harness.Simulator.FileSystem.Paths;

/// <summary>The checks that .NET makes on path arguments before it asks Windows.</summary>
internal static class PathArguments
{
    /// <summary>Null and empty are refused under the parameter's name.</summary>
    public static void Require(string? path, string parameter) => ArgumentException.ThrowIfNullOrEmpty(path, parameter);

    /// <summary>Null, empty, blank and null characters are refused as GetFullPath does.</summary>
    public static void RequireUsable(string? path, string parameter)
    {
        ArgumentNullException.ThrowIfNull(path, parameter);
        if (PathSyntax.IsEffectivelyEmpty(path))
        {
            throw new ArgumentException("The path is empty.", parameter);
        }

        RequireNoNull(path, parameter);
    }

    /// <summary>Null characters are refused.</summary>
    public static void RequireNoNull(string path, string parameter)
    {
        if (path.Contains('\0'))
        {
            throw new ArgumentException("Null character in path.", parameter);
        }
    }
}
