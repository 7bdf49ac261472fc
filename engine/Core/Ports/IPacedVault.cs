using Harness.Engine.Limits;

namespace Harness.Engine.Ports;

/// <summary>A vault that lets its bytes pass at a pace where they pass, slice by slice; others are held back from outside.</summary>
public interface IPacedVault : IVault
{
    /// <summary>Sets the pace of all calls from now on; called once, before the first.</summary>
    void SetPace(VaultPace pace);
}
