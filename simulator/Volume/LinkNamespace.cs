namespace Harness.Simulator.Volume;

/// <summary>The namespace of a name on NTFS; values as in the $FILE_NAME attribute.</summary>
public enum LinkNamespace
{
    /// <summary>Neither has a short name nor is one: further hard links, names in case-sensitive directories.</summary>
    Posix = 0,

    /// <summary>A long name beside which there is a short one.</summary>
    Win32 = 1,

    /// <summary>A short name beside a long one.</summary>
    Dos = 2,

    /// <summary>A name that is its own short name.</summary>
    Win32AndDos = 3,
}

/// <summary>One name of a file, as NTFS keeps it.</summary>
/// <param name="Path">Path from the root; a short name under its directory's long path.</param>
/// <param name="Namespace">What kind of name it is.</param>
public sealed record VolumeLink(string Path, LinkNamespace Namespace);
