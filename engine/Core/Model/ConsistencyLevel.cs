namespace Harness.Engine.Model;

/// <summary>How consistent the data of a snapshot is (Azure Backup, "Plan your VM backup infrastructure", 2016).</summary>
public enum ConsistencyLevel : byte
{
    /// <summary>No guarantee: as after a power cut, or a live directory without a snapshot.</summary>
    Crash = 0,

    /// <summary>The file system is intact; applications may need fix-up.</summary>
    FileSystem = 1,

    /// <summary>Applications flushed their data through their writers.</summary>
    Application = 2,
}
