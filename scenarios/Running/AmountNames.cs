using Harness.Engine.Errors;

namespace Harness.Scenarios.Running;

/// <summary>Values of the names in amounts and budgets.</summary>
/// <param name="outcomes">What is expected of every entry.</param>
/// <param name="changedBytes">Bytes of changed pages.</param>
internal sealed class AmountNames(IReadOnlyList<ExpectedOutcome> outcomes, long changedBytes = 0)
{
    /// <summary>The value of a name; ScenarioInvalid for the size of a path that is not there.</summary>
    public decimal Lookup(string name)
    {
        switch (name)
        {
            case "changed":
                return changedBytes;
            case "protected":
                return outcomes.Where(o => o.IsProtected).Sum(o => o.Stream?.SizeBytes ?? 0);
            default:
                var path = name["size(".Length..^1];
                return outcomes.FirstOrDefault(o => o.Path == path)?.Stream?.SizeBytes
                    ?? throw new BackupException(
                        ErrorCode.ScenarioInvalid, $"The budget speaks of size({path}), but the volume has no such file.");
        }
    }
}
