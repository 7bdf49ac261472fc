namespace Harness.Simulator.Faults;

/// <summary>
/// Passes the faults of another source on and keeps them as rules, so that a <see cref="FaultPlan"/> of them does the same again
/// without what drew them.
/// </summary>
/// <param name="inner">Who decides.</param>
public sealed class FaultRecorder(IFaultSource inner) : IFaultSource
{
    private readonly Dictionary<(string Operation, string Folder), long> _counted = [];
    private readonly List<FaultRule> _fired = [];

    /// <summary>What went wrong so far, in order.</summary>
    public IReadOnlyList<FaultRule> Fired => _fired;

    /// <summary>Calls asked about so far, by operation and folder of the key.</summary>
    public IReadOnlyDictionary<(string Operation, string Folder), long> Calls => _counted;

    /// <inheritdoc/>
    public FaultKind? Next(string operation, string key)
    {
        var folder = DrawnFaults.FolderOf(key);
        var number = _counted[(operation, folder)] = _counted.GetValueOrDefault((operation, folder)) + 1;
        var kind = inner.Next(operation, key);
        if (kind is { } fired)
        {
            _fired.Add(new FaultRule(operation, folder, number, AndLater: false, fired));
        }

        return kind;
    }
}
