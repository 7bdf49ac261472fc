using Harness.Engine.Errors;
using Harness.Simulator.Snapshots;

namespace Harness.Scenarios.Model;

/// <summary>From now on an operation on one path of the volume fails.</summary>
public sealed record FaultStep
{
    /// <summary>Which of several volumes; needed only when there are several.</summary>
    public string? Source { get; init; }

    /// <summary>The path; a stream as path:stream.</summary>
    public required string Path { get; init; }

    /// <summary>How it fails.</summary>
    public required SourceFault Kind { get; init; }

    /// <summary>Which operation fails.</summary>
    public SimVolumeOperation Operation { get; init; } = SimVolumeOperation.Open;
}

/// <summary>The whole source vanishes when an operation touches a path during the next backup.</summary>
public sealed record VanishStep
{
    /// <summary>Which of several volumes; needed only when there are several.</summary>
    public string? Source { get; init; }

    /// <summary>Pattern of the path.</summary>
    public required string Path { get; init; }

    /// <summary>Which operation.</summary>
    public SimVolumeOperation Operation { get; init; } = SimVolumeOperation.Read;
}

/// <summary>Ends all faults of a volume.</summary>
public sealed record HealStep
{
    /// <summary>Which of several volumes; needed only when there are several.</summary>
    public string? Source { get; init; }
}
