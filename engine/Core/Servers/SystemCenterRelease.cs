namespace Harness.Engine.Servers;

/// <summary>A release of System Center, and so of Data Protection Manager, oldest first.</summary>
public enum SystemCenterRelease
{
    /// <summary>System Center 2012 without a service pack: before backup to Azure.</summary>
    SystemCenter2012,

    /// <summary>System Center 2012 SP1.</summary>
    SystemCenter2012Sp1,

    /// <summary>System Center 2012 R2.</summary>
    SystemCenter2012R2,

    /// <summary>System Center 2016.</summary>
    SystemCenter2016,

    /// <summary>System Center 2019.</summary>
    SystemCenter2019,
}
