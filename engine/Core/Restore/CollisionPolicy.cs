namespace Harness.Engine.Restore;

/// <summary>What to do when a file of the same name exists (the three choices of the published recovery wizard).</summary>
public enum CollisionPolicy
{
    /// <summary>Writes beside it under a free name.</summary>
    CreateCopy,

    /// <summary>Leaves what is there.</summary>
    Skip,

    /// <summary>Replaces it.</summary>
    Overwrite,
}
