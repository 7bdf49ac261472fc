using BenchmarkDotNet.Attributes;
using Harness.Simulator.Content;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;

namespace Harness.Perf.Micro;

/// <summary>The simulator: 1 MiB of content, and a snapshot and a diff of 1,000 edits on a volume of 100,000 files.</summary>
public class SimulatorBenchmarks
{
    private const int Files = 100_000;
    private const int Edits = 1_000;

    private readonly byte[] _buffer = new byte[Fixture.RangeBytes];
    private SimVolume _volume = null!;
    private VolumeSnapshot _before = null!;
    private VolumeSnapshot _after = null!;

    [GlobalSetup]
    public void Setup()
    {
        _volume = new SimVolume(new VolumeSettings(), new SimClock());
        for (var i = 0; i < Files; i++)
        {
            if (i % 1000 == 0)
            {
                _volume.CreateDirectory($"folder{i / 1000}");
            }

            _volume.CreateFile($"folder{i / 1000}/file{i}.dat", 10_000);
        }

        _before = _volume.TakeSnapshot();
        for (var i = 0; i < Files; i += Files / Edits)
        {
            _volume.WriteGenerated($"folder{i / 1000}/file{i}.dat", 0, 4096, (ulong)i);
        }

        _after = _volume.TakeSnapshot();
    }

    [Benchmark]
    public void ContentRandom() => ContentGenerator.Fill(ContentProfile.Random, 1, 0, _buffer);

    [Benchmark]
    public void ContentCompressible() =>
        ContentGenerator.Fill(ContentProfile.Random with { RatioPermille = 500, DuplicatePermille = 200 }, 1, 0, _buffer);

    [Benchmark]
    public void ContentText() => ContentGenerator.Fill(ContentProfile.Text, 1, 0, _buffer);

    [Benchmark]
    public object Snapshot() => _volume.TakeSnapshot();

    [Benchmark]
    public int Diff() => _before.DiffTo(_after).Changes.Count;
}
