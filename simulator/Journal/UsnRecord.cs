using Harness.Engine.Model;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Journal;

/// <summary>
/// One record of the change journal, as version 2, 3 (128-bit references) or 4 (modified ranges, no name). Immutable.
/// </summary>
public sealed record UsnRecord
{
    /// <summary>2, 3 or 4.</summary>
    public required int MajorVersion { get; init; }

    /// <summary>Bytes of the record in its version, a multiple of 8.</summary>
    public required int RecordLength { get; init; }

    /// <summary>The file or directory.</summary>
    public required FileReference File { get; init; }

    /// <summary>The directory that holds the name.</summary>
    public required FileReference Parent { get; init; }

    /// <summary>Offset of this record in the journal.</summary>
    public required long Usn { get; init; }

    /// <summary>When it was written, as a FILETIME; 0 in version 4 and in an enumeration of files.</summary>
    public long TimeStamp { get; init; }

    /// <summary>Why.</summary>
    public required UsnReason Reason { get; init; }

    /// <summary>Who.</summary>
    public UsnSourceInfo SourceInfo { get; init; }

    /// <summary>Access control, by its number on the volume; 0 in version 4.</summary>
    public int SecurityId { get; init; }

    /// <summary>Attributes when the record was written; none in version 4.</summary>
    public FileAttributes Attributes { get; init; }

    /// <summary>Name without its directory; "" in version 4.</summary>
    public string Name { get; init; } = "";

    /// <summary>Version 4: modified ranges, rounded out to chunks.</summary>
    public IReadOnlyList<ByteRange> Extents { get; init; } = [];

    /// <summary>Version 4: how many extents follow in further records of the same file.</summary>
    public int RemainingExtents { get; init; }

    /// <summary>Whether the record ends a series: the last handle was closed.</summary>
    public bool IsClose => (Reason & UsnReason.Close) != UsnReason.None;
}
