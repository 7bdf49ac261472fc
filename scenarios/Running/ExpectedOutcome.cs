using Harness.Scenarios.Model;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Running;

/// <summary>What the hand-written rows demand of one entry or named stream.</summary>
/// <param name="Path">Relative path; a stream as <c>path:stream</c>.</param>
/// <param name="Entry">The entry.</param>
/// <param name="Stream">The stream; null for a directory's own row.</param>
/// <param name="Row">The row that decides.</param>
internal sealed record ExpectedOutcome(string Path, VolumeEntry Entry, VolumeStream? Stream, PathExpectation Row)
{
    /// <summary>Whether the rules protect it; a failed one too, though it is not in the recovery point.</summary>
    public bool IsProtected => Row.Skipped is null;

    /// <summary>Whether it is in the recovery point.</summary>
    public bool IsStored => Row.Skipped is null && Row.Failed is null;

    /// <summary>Whether each change sends it whole.</summary>
    public bool IsFullOnly => Row.Protected == ExpectedProtection.FullOnly;

    /// <summary>Whether it stands for an entry and not for one of its named streams.</summary>
    public bool IsEntry => Stream is null || Stream.Name.Length == 0;
}
