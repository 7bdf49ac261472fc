namespace Harness.Engine.Rules;

/// <summary>What a user has protected although the rules skip it. None under any published profile.</summary>
[Flags]
public enum PreserveModes
{
    /// <summary>The rules as they stand.</summary>
    None = 0,

    /// <summary>Reparse points, as tag and data: symbolic links, junctions and others. What they lead to is not followed.</summary>
    ReparsePoints = 1 << 0,

    /// <summary>Files of several names, once, with all their names.</summary>
    HardLinks = 1 << 1,
}
