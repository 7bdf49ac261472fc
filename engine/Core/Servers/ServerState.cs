namespace Harness.Engine.Servers;

/// <summary>What is on a protection server. Immutable.</summary>
/// <param name="Host">What it runs on.</param>
public sealed record ServerState(HostKind Host)
{
    /// <summary>The release of System Center; null when Data Protection Manager is not installed.</summary>
    public SystemCenterRelease? SystemCenter { get; init; }

    /// <summary>The newest update rollup of that release; 0 for none.</summary>
    public int UpdateRollup { get; init; }

    /// <summary>Whether Windows PowerShell is there.</summary>
    public bool HasPowerShell { get; init; }

    /// <summary>The .NET Framework that is there, or null.</summary>
    public Version? DotNetFramework { get; init; }

    /// <summary>Whether the Azure Backup agent is installed.</summary>
    public bool HasAgent { get; init; }
}
