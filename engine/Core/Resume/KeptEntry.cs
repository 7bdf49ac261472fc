using Harness.Engine.Format;
using Harness.Engine.State;

namespace Harness.Engine.Resume;

/// <summary>An entry that a run has read and packed whole.</summary>
/// <param name="Record">As the new state has it.</param>
/// <param name="Pages">Where the fingerprints of its streams are, by stream id.</param>
/// <param name="ChangedBytes">Bytes of it that differ from the recovery point before.</param>
internal sealed record KeptEntry(
    EntryRecord Record, IReadOnlyList<(uint StreamId, PageTable Pages)> Pages, long ChangedBytes);
