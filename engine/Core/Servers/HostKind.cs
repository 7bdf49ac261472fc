namespace Harness.Engine.Servers;

/// <summary>What a protection server runs on ("Requirements (and limitations)", page of 2017-03-10).</summary>
public enum HostKind
{
    /// <summary>A physical server.</summary>
    Physical,

    /// <summary>A virtual machine of Hyper-V on the premises.</summary>
    HyperV,

    /// <summary>A virtual machine of Azure.</summary>
    AzureVm,

    /// <summary>A Windows virtual machine in VMware.</summary>
    VmwareVm,
}
