using BenchmarkDotNet.Attributes;
using Harness.Engine.Format;
using Harness.Simulator.Content;

namespace Harness.Perf.Micro;

/// <summary>Compressing and decompressing a segment of 1 MiB.</summary>
public class CodecBenchmarks
{
    private readonly byte[] _text = Fixture.Bytes(Fixture.RangeBytes, ContentProfile.Text);
    private readonly byte[] _random = Fixture.Bytes(Fixture.RangeBytes, ContentProfile.Random);
    private readonly byte[] _repetitive = Fixture.Bytes(Fixture.RangeBytes, ContentProfile.Random with { RatioPermille = 700 });
    private readonly byte[] _target = new byte[Fixture.RangeBytes];
    private byte[] _encodedText = [];
    private byte _textCodec;
    private byte[] _encodedRepetitive = [];
    private byte _repetitiveCodec;

    [GlobalSetup]
    public void Setup()
    {
        var (codec, length) = SegmentCodec.Encode(_text, _target);
        (_textCodec, _encodedText) = (codec, _target[..length]);
        (codec, length) = SegmentCodec.Encode(_repetitive, _target);
        (_repetitiveCodec, _encodedRepetitive) = (codec, _target[..length]);
    }

    [Benchmark]
    public int EncodeText() => SegmentCodec.Encode(_text, _target).Length;

    [Benchmark]
    public int EncodeRepetitive() => SegmentCodec.Encode(_repetitive, _target).Length;

    [Benchmark]
    public int EncodeRandom() => SegmentCodec.Encode(_random, _target).Length;

    [Benchmark]
    public bool DecodeText() => SegmentCodec.TryDecode(_textCodec, _encodedText, _target);

    [Benchmark]
    public bool DecodeRepetitive() => SegmentCodec.TryDecode(_repetitiveCodec, _encodedRepetitive, _target);

    [Benchmark]
    public bool DecodeStored() => SegmentCodec.TryDecode(SegmentCodec.Stored, _random, _target);
}
