namespace Harness.Simulator.Journal;

/// <summary>Who made a change, as a handle was marked by FSCTL_MARK_HANDLE (MS-FSCC 2.3.62.2). Values as on disk.</summary>
[Flags]
public enum UsnSourceInfo : uint
{
    /// <summary>An ordinary change.</summary>
    None = 0,

    /// <summary>The system manages data, as when a file comes back from remote storage: the content is the same.</summary>
    DataManagement = 1,

    /// <summary>A private stream beside the data was written; the user's data did not change.</summary>
    AuxiliaryData = 2,

    /// <summary>The content was made to match that of another replica.</summary>
    ReplicationManagement = 4,

    /// <summary>Client replication management.</summary>
    ClientReplicationManagement = 8,
}
