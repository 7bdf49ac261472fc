namespace Harness.Simulator.Faults;

/// <summary>Decides about each call of a port whether it goes wrong. One thread.</summary>
public interface IFaultSource
{
    /// <summary>How this call goes wrong; null is not at all. Asked once for each call, in the order of the calls.</summary>
    /// <param name="operation">One of <see cref="FaultCatalog.Kinds"/>.</param>
    /// <param name="key">What the call is about.</param>
    FaultKind? Next(string operation, string key);
}
