namespace Harness.Engine.Servers;

/// <summary>Where a protection server may put data.</summary>
public enum ProtectionTarget
{
    /// <summary>Its own disks; on a virtual machine of Azure the Azure disks attached to it.</summary>
    Disk,

    /// <summary>Tape.</summary>
    Tape,

    /// <summary>An Azure Backup vault.</summary>
    Vault,
}
