namespace Harness.Engine.Rules;

/// <summary>The parts of the support matrix.</summary>
public enum ClauseTopic
{
    /// <summary>File types, streams and combinations of attributes.</summary>
    FileTypes,

    /// <summary>Kinds and states of volumes, and file systems.</summary>
    Volumes,

    /// <summary>Size of a data source by operating system and workload, and how it is measured.</summary>
    SourceSize,

    /// <summary>Size, place and attributes of the local cache, and what happens when it breaks.</summary>
    Scratch,

    /// <summary>Backups a day.</summary>
    Schedule,

    /// <summary>How many recovery points there may be.</summary>
    RecoveryPoints,

    /// <summary>Retention ranges, and what happens at their ends.</summary>
    Retention,

    /// <summary>The passphrase.</summary>
    Passphrase,

    /// <summary>Vault credentials and the security PIN.</summary>
    Credentials,

    /// <summary>Consistency of a recovery point.</summary>
    Consistency,

    /// <summary>What is sent, when, and how a run ends.</summary>
    Flow,

    /// <summary>Options and limits of a restore.</summary>
    Recovery,

    /// <summary>Where the software may run, and what it needs.</summary>
    Topology,
}
