using BenchmarkDotNet.Attributes;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Rules;
using Harness.Simulator.Content;

namespace Harness.Perf.Micro;

/// <summary>Extent maps of a 64 MiB file with 1 % of its pages changed, and the record of an ordinary file.</summary>
public class RecordBenchmarks
{
    private const long FileBytes = 64 << 20;

    private ExtentMap _old = ExtentMap.Empty;
    private ExtentMap _new = ExtentMap.Empty;
    private IReadOnlyList<Extent> _patch = [];
    private EntryRecord _record = null!;
    private byte[] _encoded = [];

    [GlobalSetup]
    public void Setup()
    {
        _old = ExtentMap.Of(Enumerable.Range(0, (int)(FileBytes / Fixture.RangeBytes)).Select(range => new Extent(
            range * (long)Fixture.RangeBytes, Fixture.RangeBytes, ExtentKind.Data, new SegmentReference(Fixture.Id((ulong)range)), 0)));
        var random = new SeededSequence(1);
        var segment = new SegmentReference(Fixture.Id(99));
        _patch =
        [
            .. Enumerable.Range(0, (int)(FileBytes / FormatLimits.PageBytes)).Where(_ => random.Permille(10))
                .Select((page, i) => new Extent(
                    page * (long)FormatLimits.PageBytes, FormatLimits.PageBytes, ExtentKind.Data, segment, i * FormatLimits.PageBytes)),
        ];
        _new = _old.Apply(_patch, FileBytes);
        _record = OrdinaryRecord();
        _encoded = EncodeRecord();
    }

    [Benchmark]
    public int ExtentMapPatchFrom() => _new.PatchFrom(_old, FileBytes).Count;

    [Benchmark]
    public int ExtentMapApply() => _old.Apply(_patch, FileBytes).Extents.Count;

    [Benchmark]
    public byte[] EncodeRecord() => RecordCodec.Encode(_record, parent: null);

    [Benchmark]
    public object DecodeRecord() => RecordCodec.DecodeEntry(_record.FileReference, _encoded, parent: null);

    private static EntryRecord OrdinaryRecord()
    {
        var time = new Timestamp(1_795_000_000, 123_456_700);
        var digests = new DigestMap.Builder();
        digests.Add(0, Fixture.Bytes(FormatLimits.FingerprintBytes, ContentProfile.Random));
        return new EntryRecord
        {
            FileReference = 281_474_976_711_000,
            Kind = EntryKind.File,
            Protection = Protection.Incremental,
            Traits = EntryTraits.None,
            Attributes = 0x20,
            Parent = 281_474_976_710_900,
            Name = "Quarterly report 2026 (final).docx",
            Times = new EntryTimes(time, time, time, time),
            Security = EntrySecurity.FromPosix(0x1a4, 1000, 1000),
            EncryptionInfo = default,
            Streams =
            [
                new StreamRecord
                {
                    Name = "",
                    Id = 0,
                    SizeBytes = 48_000,
                    AllocatedBytes = 49_152,
                    Traits = EntryTraits.None,
                    RawSizeBytes = null,
                    Content = new ProtectedContent(
                        48_000,
                        ExtentMap.Of([new Extent(0, 48_000, ExtentKind.Data, new SegmentReference(Fixture.Id(5)), 0)]),
                        digests.Build()),
                },
            ],
        };
    }
}
