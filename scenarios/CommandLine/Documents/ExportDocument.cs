using Harness.Simulator.Export;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>volume export --json</c> prints.</summary>
internal sealed record ExportDocument(
    string Recipe,
    string Image,
    long ImageBytes,
    long Files,
    long Directories,
    long WrittenBytes,
    IReadOnlyList<ExportDifference> Differences);
