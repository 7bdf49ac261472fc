namespace Harness.Simulator.Faults;

/// <summary>Faults by rule: what a scenario asks for, and what a record of faults is played again from. The first rule that hits decides.</summary>
/// <param name="rules">The rules; each counts for itself.</param>
public sealed class FaultPlan(IReadOnlyList<FaultRule> rules) : IFaultSource
{
    private readonly long[] _counted = new long[rules.Count];
    private readonly bool[] _fired = new bool[rules.Count];

    /// <summary>Rules that never hit a call: an address that does not exist, or a run that was too short.</summary>
    public IReadOnlyList<FaultRule> NeverFired => [.. rules.Where((_, index) => !_fired[index])];

    /// <inheritdoc/>
    public FaultKind? Next(string operation, string key)
    {
        FaultKind? kind = null;
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            if (rule.Counts(operation, key) && rule.Hits(++_counted[i]) && kind is null)
            {
                kind = rule.Kind;
                _fired[i] = true;
            }
        }

        return kind;
    }
}
