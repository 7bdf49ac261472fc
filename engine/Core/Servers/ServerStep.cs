namespace Harness.Engine.Servers;

/// <summary>One thing that an administrator does with a protection server. The order matters: each has to be allowed when it is done.</summary>
public abstract record ServerStep
{
    private ServerStep()
    {
    }

    /// <summary>Installs or upgrades System Center. An upgrade begins without update rollups.</summary>
    /// <param name="Release">The release.</param>
    public sealed record InstallSystemCenter(SystemCenterRelease Release) : ServerStep;

    /// <summary>Installs an update rollup of the release that is there. Rollups are cumulative.</summary>
    /// <param name="Number">1 or more.</param>
    public sealed record InstallUpdateRollup(int Number) : ServerStep;

    /// <summary>Installs Windows PowerShell.</summary>
    public sealed record InstallPowerShell : ServerStep;

    /// <summary>Installs .NET Framework.</summary>
    /// <param name="Version">Such as 4.5; a later one replaces an earlier one.</param>
    public sealed record InstallDotNetFramework(Version Version) : ServerStep;

    /// <summary>Installs the Azure Backup agent.</summary>
    public sealed record InstallAgent : ServerStep;

    /// <summary>Protects data to a target.</summary>
    /// <param name="Target">The target.</param>
    public sealed record Protect(ProtectionTarget Target) : ServerStep;
}
