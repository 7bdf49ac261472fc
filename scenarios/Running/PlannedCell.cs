using Harness.Scenarios.Model;

namespace Harness.Scenarios.Running;

/// <summary>One cell on one vault: what is counted, sharded and reported.</summary>
/// <param name="Scenario">Its scenario.</param>
/// <param name="Cell">The combination of axis values.</param>
/// <param name="Vault">The vault by the name that --vault takes.</param>
public sealed record PlannedCell(Scenario Scenario, ScenarioCell Cell, string Vault)
{
    /// <summary>The stable id: <c>scenario[axis=value,...]@vault</c>.</summary>
    public string Id => $"{Cell.Id}@{Vault}";

    /// <summary>The place in its scenario's matrix, the vault being an axis too: <c>axis=value,...,vault=V</c>.</summary>
    public string Label => Cell.Label.Length == 0 ? $"vault={Vault}" : $"{Cell.Label},vault={Vault}";

    /// <summary>Every clause that the cell is evidence for.</summary>
    public IEnumerable<string> Clauses => [Cell.Document.Requirement.Clause, .. Cell.Document.Requirement.Also];
}
