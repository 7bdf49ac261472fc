namespace Harness.Simulator.Capture;

/// <summary>How a tree becomes a recipe.</summary>
public sealed record CaptureOptions
{
    /// <summary>Replaces names of files, directories, streams and link targets; extensions and length classes stay.</summary>
    public bool ScrubNames { get; init; }

    /// <summary>Seed of the recipe's content and of scrubbed names: the same name and seed give the same scrubbed name.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>What could not be captured, or not as it was listed.</summary>
/// <param name="Path">Path in the source, never scrubbed; a stream as <c>path:stream</c>.</param>
/// <param name="Reason">Stable reason, such as <c>changed</c>, <c>vanished</c>, <c>name-invalid</c>.</param>
/// <param name="Message">In words.</param>
public sealed record CaptureProblem(string Path, string Reason, string Message);

/// <summary>What a capture found. The recipe is valid whatever the lists say.</summary>
public sealed record CaptureReport
{
    /// <summary>Files, each name of a hard-linked one counted.</summary>
    public long Files { get; set; }

    /// <summary>Directories, the root included.</summary>
    public long Directories { get; set; }

    /// <summary>Second and further names of files.</summary>
    public long HardLinks { get; set; }

    /// <summary>Entries with a reparse point.</summary>
    public long ReparsePoints { get; set; }

    /// <summary>Named streams.</summary>
    public long Streams { get; set; }

    /// <summary>Sum of the logical sizes of the unnamed streams.</summary>
    public long LogicalBytes { get; set; }

    /// <summary>Entries that the recipe does not have.</summary>
    public List<CaptureProblem> LeftOut { get; } = [];

    /// <summary>Entries that changed while they were read: the recipe has what was listed.</summary>
    public List<CaptureProblem> Changed { get; } = [];
}
