using BenchmarkDotNet.Attributes;
using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Simulator.Content;

namespace Harness.Perf.Micro;

/// <summary>Identifying 1 MiB: 256 page fingerprints, or one segment id; the library's tags beside the engine's.</summary>
public class FingerprintBenchmarks
{
    private readonly KeyRing _keys = Fixture.Keys();
    private readonly byte[] _random = Fixture.Bytes(Fixture.RangeBytes, ContentProfile.Random);
    private readonly ContentTag _byLibrary = new(new byte[KeyRing.KeyBytes], isCarryless: false);
    private readonly byte[] _zeros = new byte[Fixture.RangeBytes];
    private readonly byte[] _fingerprints = new byte[FormatLimits.PagesPerRange * FormatLimits.FingerprintBytes];

    [Benchmark]
    public void PageFingerprints() => PageHasher.Fingerprint(_keys, _random, _fingerprints);

    [Benchmark]
    public void PageTagsByLibrary() => Tag(_byLibrary);

    [Benchmark]
    public void PageSums()
    {
        for (var at = 0; at < _random.Length; at += FormatLimits.PageBytes)
        {
            _ = _keys.PageSums.Of(_random.AsSpan(at, FormatLimits.PageBytes));
        }
    }

    [Benchmark]
    public void PageFingerprintsOfZeros() => PageHasher.Fingerprint(_keys, _zeros, _fingerprints);

    [Benchmark]
    public Hash256 SegmentId() => _keys.SegmentId(_random);

    private void Tag(ContentTag tag)
    {
        for (var at = 0; at < _random.Length; at += FormatLimits.PageBytes)
        {
            tag.Compute(_random.AsSpan(at, FormatLimits.PageBytes), _fingerprints.AsSpan(0, FormatLimits.FingerprintBytes));
        }
    }
}
