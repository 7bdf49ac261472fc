using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;

namespace Harness.Perf.FileSystems;

/// <summary>The simulated volume itself.</summary>
internal sealed class SimulatedVolume : IComparedSystem
{
    private readonly SimVolume _volume = new(new VolumeSettings(), new SimClock());

    public string Name => "Harness SimVolume";

    public bool IsInMemory => true;

    public void CreateDirectory(string directory) => _volume.CreateDirectory(directory);

    public void CreateFile(string directory, string name) => _volume.CreateFile($"{directory}/{name}");

    public int List(string directory) => _volume.List(directory).Count(entry => entry.Streams[0].SizeBytes >= 0);

    public void Dispose()
    {
    }
}
