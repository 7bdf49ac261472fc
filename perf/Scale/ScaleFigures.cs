namespace Harness.Perf.Scale;

/// <summary>What a simulated volume of many files costs.</summary>
/// <param name="Files">Files on it.</param>
/// <param name="BytesPerFile">Managed memory that the volume holds, over the files.</param>
/// <param name="ResidentBytes">Memory of the whole process with that volume in it, after a collection.</param>
/// <param name="AllocatedBytesPerFile">Managed memory allocated to create one file, garbage included.</param>
/// <param name="CreatePerSecond">Files created in a second, paths composed by the caller.</param>
/// <param name="CreatePerCpuSecond">The same by processor time of all threads: what a machine that is busy otherwise can compare.</param>
/// <param name="SnapshotMicroseconds">One snapshot; median of 5.</param>
/// <param name="DiffMilliseconds">Finding the edited files; median of 5.</param>
/// <param name="DiffCpuMilliseconds">The same by processor time.</param>
/// <param name="DiffEdits">Files edited before each diff.</param>
internal sealed record ScaleFigures(
    long Files,
    double BytesPerFile,
    long ResidentBytes,
    double AllocatedBytesPerFile,
    double CreatePerSecond,
    double CreatePerCpuSecond,
    double SnapshotMicroseconds,
    double DiffMilliseconds,
    double DiffCpuMilliseconds,
    int DiffEdits);
