namespace Harness.Perf.Engines;

/// <summary>What one tool needed for one step in one round.</summary>
/// <param name="Step">Name of the step.</param>
/// <param name="Tool">Name of the tool.</param>
/// <param name="Round">Number from 0 up.</param>
/// <param name="WallSeconds">Process start included.</param>
/// <param name="ProcessorSeconds">User and system time, children included.</param>
/// <param name="PeakResidentBytes">The most resident memory.</param>
/// <param name="EditedBytes">What the edit before the step truly changed; null where none was made.</param>
/// <param name="StoredBytes">What the repository holds afterwards.</param>
/// <param name="AddedBytes">What it grew by.</param>
/// <param name="SentBytes">What the tool says it sent.</param>
internal sealed record EngineStep(
    string Step,
    string Tool,
    int Round,
    double WallSeconds,
    double ProcessorSeconds,
    long PeakResidentBytes,
    long? EditedBytes,
    long? StoredBytes,
    long? AddedBytes,
    long? SentBytes);
