using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.State;
using Harness.Perf.Micro;

namespace Harness.Perf.Limit;

/// <summary>
/// What each stage of the pipeline costs on its own over the files of a tree: nothing between the stages, no queue, no state.
/// One thread; processor time, so that a busy machine changes little.
/// </summary>
internal sealed class StageTimes
{
    private const int PackBytes = 16 << 20;

    private readonly KeyRing _keys = Fixture.Keys();
    private readonly byte[] _range = new byte[FormatLimits.RangeBytes];
    private readonly byte[] _encoded = new byte[FormatLimits.RangeBytes];
    private readonly byte[] _fingerprints = new byte[FormatLimits.PagesPerRange * FormatLimits.FingerprintBytes];
    private readonly uint[] _sums = new uint[FormatLimits.PagesPerRange];
    private readonly byte[] _digest = new byte[FormatLimits.FingerprintBytes];
    private readonly byte[] _block = new byte[PageBlock.LongestBytes(FormatLimits.PagesPerRange)];
    private readonly Dictionary<string, double> _seconds = new(StringComparer.Ordinal);
    private PackBuilder _pack;

    public StageTimes() => _pack = NewPack(null);

    /// <summary>Seconds of each stage, in order of the pipeline.</summary>
    public IReadOnlyDictionary<string, double> Seconds => _seconds;

    public long Bytes { get; private set; }

    public void Measure(IEnumerable<string> files)
    {
        foreach (var path in files)
        {
            using var file = Timed("read", () => File.OpenHandle(path));
            for (long at = 0, length = RandomAccess.GetLength(file); at < length; at += FormatLimits.RangeBytes)
            {
                var offset = at;
                Range(Timed("read", () => RandomAccess.Read(file, _range, offset)));
            }
        }

        _pack.Dispose();
    }

    private void Range(int length)
    {
        Bytes += length;
        Timed("fingerprint", () => Fingerprint(length));
        var data = DataBytes(length);
        if (data == 0)
        {
            return;
        }

        var id = Timed("identify", () => _keys.SegmentId(_range.AsSpan(0, data)));
        var (codec, encoded) = Timed("compress", () => SegmentCodec.Encode(_range.AsSpan(0, data), _encoded));
        var stored = codec == SegmentCodec.Stored ? _range.AsMemory(0, data) : _encoded.AsMemory(0, encoded);
        Timed("encrypt", () => Add(id, codec, stored, data));
        if (_pack.Length >= PackBytes)
        {
            Timed("pack", Seal);
        }
    }

    private int Fingerprint(int length)
    {
        PageHasher.Fingerprint(_keys, _range.AsSpan(0, length), _fingerprints);
        var pages = PageHasher.PagesOf(length);
        for (var page = 0; page < length / FormatLimits.PageBytes; page++)
        {
            _sums[page] = _keys.PageSums.Of(_range.AsSpan(page * FormatLimits.PageBytes, FormatLimits.PageBytes));
        }

        var fingerprints = _fingerprints.AsSpan(0, pages * FormatLimits.FingerprintBytes);
        PageHasher.Digest(_keys, fingerprints, _digest);
        return PageBlock.Encode(_keys, fingerprints, _sums.AsSpan(0, pages), _digest, _block);
    }

    /// <summary>Bytes of pages that are not zeros; which they are is of no weight here.</summary>
    private int DataBytes(int length)
    {
        var bytes = 0;
        for (var page = 0; page < PageHasher.PagesOf(length); page++)
        {
            bytes += PageHasher.IsZero(_fingerprints, page) ? 0 : PageHasher.PageLength(length, page);
        }

        return bytes;
    }

    private int Add(Hash256 id, byte codec, ReadOnlyMemory<byte> stored, int rawBytes)
    {
        _pack.Add(id, SegmentType.Data, codec, stored.Span, rawBytes);
        return 0;
    }

    private int Seal()
    {
        // The copy is what the vault in memory makes of a blob.
        var blob = _pack.Seal();
        _ = PackName.Of(blob.Span);
        _ = blob.ToArray();
        var buffer = _pack.TakeBuffer();
        _pack.Dispose();
        _pack = NewPack(buffer);
        return 0;
    }

    private PackBuilder NewPack(byte[]? buffer) =>
        new(_keys, Fixture.Bytes(KeyRing.SaltBytes, Harness.Simulator.Content.ContentProfile.Random), PackBytes, buffer);

    private T Timed<T>(string stage, Func<T> work)
    {
        var before = Environment.CpuUsage.TotalTime;
        var result = work();
        _seconds[stage] = _seconds.GetValueOrDefault(stage) + (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        return result;
    }
}
