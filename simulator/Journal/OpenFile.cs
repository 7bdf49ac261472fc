using Harness.Simulator.Volume;

namespace Harness.Simulator.Journal;

/// <summary>What has accumulated for a file since its first handle was opened.</summary>
internal sealed class OpenFile
{
    public List<VolumeHandle> Handles { get; } = [];

    public UsnReason Reasons { get; set; }

    /// <summary>The name that the records carry; null is the file's first.</summary>
    public FileLink? Link { get; set; }

    /// <summary>Modified chunks of the unnamed stream while ranges are tracked.</summary>
    public RangeSet? Modified { get; set; }

    /// <summary>What all handles agree on.</summary>
    public UsnSourceInfo Source => Handles.Count == 0
        ? UsnSourceInfo.None
        : Handles.Select(handle => handle.SourceInfo).Aggregate((all, one) => all & one);
}
