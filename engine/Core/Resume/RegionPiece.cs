using Harness.Engine.Format;
using Harness.Engine.State;

namespace Harness.Engine.Resume;

/// <summary>Some ranges of a stream that a run has read and packed, of a file that it has not yet read whole.</summary>
/// <param name="File">Metadata of the file as its snapshot has it, without contents.</param>
/// <param name="Region">Which region of which stream.</param>
/// <param name="From">First range, counted from the beginning of the region.</param>
/// <param name="To">First range after it.</param>
/// <param name="Content">What is in those ranges; the length is that of the region.</param>
/// <param name="Pages">Where their fingerprints are, as far as that is known.</param>
/// <param name="ChangedBytes">Bytes in them that differ from the recovery point before.</param>
internal sealed record RegionPiece(
    EntryRecord File, RecordKey Region, int From, int To, ProtectedContent Content, PageTable Pages, long ChangedBytes);
