namespace Harness.Simulator.Export;

/// <summary>Something that the real volume does not have as the simulated one has it.</summary>
/// <param name="Path">Path; a stream as <c>path:stream</c>.</param>
/// <param name="Property">Stable name: <c>change-time</c>, <c>sparse-ranges</c>, <c>attributes</c>...</param>
/// <param name="Expected">On the simulated volume.</param>
/// <param name="Actual">On the real one, or the driver's reason.</param>
public sealed record ExportDifference(string Path, string Property, string Expected, string Actual);

/// <summary>What an export wrote.</summary>
public sealed record ExportReport
{
    /// <summary>Files, each name counted.</summary>
    public long Files { get; set; }

    /// <summary>Directories without the root.</summary>
    public long Directories { get; set; }

    /// <summary>Bytes written.</summary>
    public long WrittenBytes { get; set; }

    /// <summary>What the driver refused, and what reads back otherwise.</summary>
    public List<ExportDifference> Differences { get; } = [];
}
