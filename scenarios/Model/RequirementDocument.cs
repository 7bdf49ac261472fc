using Harness.Engine.Rules;

namespace Harness.Scenarios.Model;

/// <summary>The clause that a scenario proves.</summary>
public sealed record RequirementDocument
{
    /// <summary>Id of a clause of the profile, such as file.encrypted; 'harness matrix' lists them.</summary>
    public required string Clause { get; init; }

    /// <summary>Further clauses that the scenario is evidence for.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <summary>How sure the clause is; when given it must be what the profile says.</summary>
    public ClauseStatus? Status { get; init; }
}
