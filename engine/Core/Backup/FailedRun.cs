namespace Harness.Engine.Backup;

/// <summary>What a run that ended without a recovery point had cost by then.</summary>
/// <param name="SourceName">Data source in the vault.</param>
/// <param name="Profile">Profile id.</param>
/// <param name="ReadBytes">Bytes read from the source.</param>
/// <param name="SentBytes">Bytes sent to the vault, as counted on the wire.</param>
/// <param name="StoredBytes">Content bytes of the blobs created; the next run does not send them again.</param>
/// <param name="Requests">Requests to the vault, as counted on the wire, retries included.</param>
/// <param name="ScratchPeakBytes">The most that the scratch location held at any moment of the run.</param>
/// <param name="Phases">Phases in order with their durations by the run's clock; the last is the one that failed.</param>
/// <param name="Failed">What the rules protect and could not be read, as far as the run came.</param>
public sealed record FailedRun(
    string SourceName,
    string Profile,
    long ReadBytes,
    long SentBytes,
    long StoredBytes,
    long Requests,
    long ScratchPeakBytes,
    IReadOnlyList<PhaseTime> Phases,
    IReadOnlyList<FailedItem> Failed);
