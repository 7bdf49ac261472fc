using Harness.Simulator.Capture;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>volume capture --json</c> prints.</summary>
internal sealed record CaptureDocument(
    string Source,
    string Recipe,
    bool ScrubbedNames,
    long Files,
    long Directories,
    long HardLinks,
    long ReparsePoints,
    long Streams,
    long LogicalBytes,
    IReadOnlyList<CaptureProblem> LeftOut,
    IReadOnlyList<CaptureProblem> Changed);
