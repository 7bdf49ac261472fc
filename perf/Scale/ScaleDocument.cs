using System.Text.Json.Serialization;
using Harness.Perf.Reporting;

namespace Harness.Perf.Scale;

/// <summary>The JSON document of the verb: the figures at its top, so that a script needs no path to them.</summary>
internal sealed record ScaleDocument(
    Surroundings Surroundings,
    [property: JsonIgnore] ScaleFigures Figures,
    ContentRate ContentBytesPerSecond,
    HugeRun Huge,
    LazyRun Lazy)
{
    public long Files => Figures.Files;

    public double BytesPerFile => Figures.BytesPerFile;

    public long ResidentBytes => Figures.ResidentBytes;

    public double AllocatedBytesPerFile => Figures.AllocatedBytesPerFile;

    public double CreatePerSecond => Figures.CreatePerSecond;

    public double CreatePerCpuSecond => Figures.CreatePerCpuSecond;

    public double SnapshotMicroseconds => Figures.SnapshotMicroseconds;

    public double DiffMilliseconds => Figures.DiffMilliseconds;

    public double DiffCpuMilliseconds => Figures.DiffCpuMilliseconds;

    public int DiffEdits => Figures.DiffEdits;
}
