namespace Harness.Perf.FileSystems;

/// <summary>What one file system costs at one size. A figure that cannot be told, or whose run was left out, is null.</summary>
/// <param name="System">The file system.</param>
/// <param name="Files">Empty files on it, 100 in a directory.</param>
/// <param name="BytesPerFile">Managed memory that it holds, over the files; only of those in this process.</param>
/// <param name="CreatePerSecond">Files created in a second by the wall clock.</param>
/// <param name="CreatePerCpuSecond">The same by processor time of this process; a driver's own is not in it.</param>
/// <param name="ListMicroseconds">Listing one directory of 100 files, names and sizes, by the wall clock.</param>
/// <param name="ListCpuMicroseconds">The same by processor time of this process.</param>
internal sealed record ComparedRow(
    string System,
    int Files,
    double? BytesPerFile,
    double? CreatePerSecond,
    double? CreatePerCpuSecond,
    double? ListMicroseconds,
    double? ListCpuMicroseconds);
