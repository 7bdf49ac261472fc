using Harness.Simulator.FileSystem;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;

namespace Harness.Perf.FileSystems;

/// <summary>The simulated volume as an <c>IFileSystem</c>.</summary>
internal sealed class SimulatedFileSystem : IComparedSystem
{
    private readonly SimFileSystem _files = new(new SimVolume(new VolumeSettings(), new SimClock()));

    public string Name => "Harness SimFileSystem";

    public bool IsInMemory => true;

    public void CreateDirectory(string directory) => _files.Directory.CreateDirectory($@"C:\{directory}");

    public void CreateFile(string directory, string name) => _files.File.WriteAllBytes($@"C:\{directory}\{name}", []);

    public int List(string directory) =>
        _files.DirectoryInfo.FromDirectoryName($@"C:\{directory}").EnumerateFiles().Count(file => file.Length >= 0);

    public void Dispose()
    {
    }
}
