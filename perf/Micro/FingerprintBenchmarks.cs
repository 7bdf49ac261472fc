using BenchmarkDotNet.Attributes;
using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Simulator.Content;

namespace Harness.Perf.Micro;

/// <summary>Identifying 1 MiB: 256 page fingerprints, or one segment id.</summary>
public class FingerprintBenchmarks
{
    private readonly KeyRing _keys = Fixture.Keys();
    private readonly byte[] _random = Fixture.Bytes(Fixture.RangeBytes, ContentProfile.Random);
    private readonly byte[] _zeros = new byte[Fixture.RangeBytes];
    private readonly byte[] _fingerprints = new byte[FormatLimits.PagesPerRange * FormatLimits.FingerprintBytes];

    [Benchmark]
    public void PageFingerprints() => PageHasher.Fingerprint(_keys, _random, _fingerprints);

    [Benchmark]
    public void PageFingerprintsOfZeros() => PageHasher.Fingerprint(_keys, _zeros, _fingerprints);

    [Benchmark]
    public Hash256 SegmentId() => _keys.SegmentId(_random);
}
