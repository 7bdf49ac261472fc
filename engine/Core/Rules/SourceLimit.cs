namespace Harness.Engine.Rules;

/// <summary>A row of the table of source sizes; the first one that fits decides.</summary>
/// <param name="Systems">Operating systems it speaks of; none is all.</param>
/// <param name="Workloads">Kinds of data sources it speaks of; none is all.</param>
/// <param name="MaxBytes">Largest data source in bytes, inclusive; null is no limit.</param>
/// <param name="Clause">Id of the clause.</param>
public sealed record SourceLimit(
    IReadOnlyList<ProtectedSystem> Systems, IReadOnlyList<Workload> Workloads, long? MaxBytes, string Clause)
{
    /// <summary>Whether the row speaks of them.</summary>
    public bool Fits(ProtectedSystem system, Workload workload) =>
        (Systems.Count == 0 || Systems.Contains(system)) && (Workloads.Count == 0 || Workloads.Contains(workload));
}
