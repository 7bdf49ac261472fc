using BenchmarkDotNet.Attributes;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Simulator.Content;

namespace Harness.Perf.Micro;

/// <summary>Encrypting segments into a pack of 16 MiB and sealing it; figures are for one MiB of it. Buffers go
/// from pack to pack, as in the engine.</summary>
public class PackBenchmarks
{
    private const int Segments = 16;

    private readonly KeyRing _keys = Fixture.Keys();
    private readonly byte[] _salt = Fixture.Bytes(KeyRing.SaltBytes, ContentProfile.Random);
    private readonly byte[] _content = Fixture.Bytes(Fixture.RangeBytes, ContentProfile.Random);
    private readonly Hash256[] _ids = [.. Enumerable.Range(0, Segments).Select(i => Fixture.Id((ulong)i))];

    private byte[]? _buffer;

    [Benchmark(OperationsPerInvoke = Segments)]
    public int AddAndSeal()
    {
        using var pack = new PackBuilder(_keys, _salt, Segments * Fixture.RangeBytes, _buffer);
        foreach (var id in _ids)
        {
            pack.Add(id, SegmentType.Data, SegmentCodec.Stored, _content, _content.Length);
        }

        var length = pack.Seal().Length;
        _buffer = pack.TakeBuffer();
        return length;
    }
}
