using BenchmarkDotNet.Attributes;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Simulator.Content;

namespace Harness.Perf.Micro;

/// <summary>Sealing and opening a manifest of 1 MiB, half of it incompressible as segment ids are.</summary>
public class SealedBlobBenchmarks
{
    private readonly KeyRing _keys = Fixture.Keys();
    private readonly byte[] _salt = Fixture.Bytes(KeyRing.SaltBytes, ContentProfile.Random);
    private readonly byte[] _content = Fixture.Bytes(Fixture.RangeBytes, ContentProfile.Random with { RatioPermille = 500 });
    private byte[] _blob = [];

    [GlobalSetup]
    public void Setup() => _blob = Seal();

    [Benchmark]
    public byte[] Seal() => SealedBlob.Seal(_keys, SealedType.Manifest, "manifest", _content, _salt);

    [Benchmark]
    public byte[] Open() => SealedBlob.Open(_keys, SealedType.Manifest, "manifest", _blob, "blob");
}
