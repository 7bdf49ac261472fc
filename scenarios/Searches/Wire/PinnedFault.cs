using Harness.Simulator.Faults;

namespace Harness.Scenarios.Searches.Wire;

/// <summary>The fault of the one call that is under way, decided elsewhere; it remembers under which address it was asked for.</summary>
internal sealed class PinnedFault : IFaultSource
{
    private FaultKind? _fault;

    /// <summary>The addresses that were asked for since the last <see cref="Pin"/>.</summary>
    public List<(string Operation, string Key)> Asked { get; } = [];

    /// <summary>From now on calls go wrong so.</summary>
    public void Pin(FaultKind? fault)
    {
        _fault = fault;
        Asked.Clear();
    }

    /// <inheritdoc/>
    public FaultKind? Next(string operation, string key)
    {
        Asked.Add((operation, key));
        return _fault;
    }
}
