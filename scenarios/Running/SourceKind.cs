namespace Harness.Scenarios.Running;

/// <summary>What the volumes of a run are.</summary>
public enum SourceKind
{
    /// <summary>Simulated volumes.</summary>
    Simulated,

    /// <summary>
    /// Real NTFS volumes through ntfs-3g, made from the same recipes and edited alike. A cell whose recipe NTFS, its driver or this
    /// machine cannot hold is skipped with the reason.
    /// </summary>
    Ntfs,
}
