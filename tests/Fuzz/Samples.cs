using Harness.Engine.Backup;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Resume;
using Harness.Engine.Rules;
using Harness.Engine.State;

namespace Harness.Tests.Fuzz;

/// <summary>What an engine writes, small and with every field in use: the seeds of the parsers.</summary>
internal static class Samples
{
    public static Hash256 Id { get; } = Hash256.Of([1]);

    public static ProtectedContent Content { get; } = new(
        (3 << 20) + 100,
        ExtentMap.Of(
        [
            new Extent(0, 4096, ExtentKind.Data, new SegmentReference(Id), 7),
            new Extent(4096, 100, ExtentKind.Data, new SegmentReference(Id), 4103),
            new Extent(1 << 20, 50, ExtentKind.Zero, null, 0),
            new Extent(2 << 20, 900, ExtentKind.Data, new SegmentReference(Hash256.Of([2])), 0),
        ]),
        Digests());

    public static EntryRecord Entry { get; } = new()
    {
        FileReference = 42,
        Kind = EntryKind.File,
        Protection = Protection.FullOnly,
        Traits = EntryTraits.Encrypted | EntryTraits.Sparse | EntryTraits.HardLink,
        Attributes = 0x4220,
        Parent = 5,
        Name = "näme\ud800",
        Times = new EntryTimes(new Timestamp(-5, 1), new Timestamp(1_700_000_000, 999_999_999), null, new Timestamp(0, 0)),
        Security = EntrySecurity.FromPosix(0x1A4, 1000, 1000),
        EncryptionInfo = new byte[] { 1, 2, 3 },
        Streams = [Stream("", 0, Content), Stream("more", 1, ProtectedContent.Empty), Stream("long", 2, null)],
        Names = [new EntryName(5, "second"), new EntryName(6, "third")],
    };

    public static EntryRecord Link { get; } = Entry with
    {
        FileReference = 43,
        Kind = EntryKind.SymbolicLink,
        Traits = EntryTraits.ReparsePoint,
        Streams = [],
        Names = [],
        Reparse = new ReparseContent(0xA000000C, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }, IsDirectory: true),
    };

    public static IssueRecord Issue { get; } = new(true, 5, "name:stream", 42, "locked", "", "", "It is in use.");

    public static IReadOnlyList<IndexedPack> Packs { get; } =
    [
        new(Hash256.Of([3]), FuzzKeys.Salt, 5000, [Segment(1, 0, 56, 116), Segment(2, 1, 172, 516)]),
        new(Hash256.Of([4]), FuzzKeys.Salt, 2000, [Segment(5, 0, 56, 1016)]),
    ];

    public static CommitDocument Commit { get; } = new()
    {
        Version = 1,
        Source = "docs",
        Sequence = 7,
        Parent = Id.ToString(),
        TakenAt = new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero),
        CommittedAt = new DateTimeOffset(2026, 11, 22, 8, 1, 0, TimeSpan.Zero),
        Profile = "dpm-classic-2018",
        Preserve = "hard-links",
        Mode = BackupMode.Full,
        Consistency = ConsistencyLevel.Crash,
        Checkpoint = false,
        ChainStart = 3,
        ChainBytes = 100,
        Manifests = [Id.ToString()],
        Indexes = [Id.ToString()],
        Cursor = "journal:1",
        Protected = new ProtectedTotals(1, 2, 3, 4),
        ChangedBytes = 5,
        Skipped = 6,
        Failed = 8,
        Engine = "0.1.0",
    };

    public static RunSection Section { get; } = new(Id, "dpm-classic-2018", new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));

    public static KeptEntry Kept { get; } = new(Entry, [(0, Pages())], 4096);

    public static RegionPiece Piece { get; } =
        new(Entry with { Streams = [Stream("", 0, ProtectedContent.Empty)] }, RecordKey.OfRegion(42, 0, 1), 1, 3, Content, Pages(), 900);

    public static PageTable Pages()
    {
        var pages = new PageTable.Builder();
        pages.Add(new PageTable.Block(0, 0, 256, 256));
        pages.Add(new PageTable.Block(2, 5120, 200, 10));
        return pages.Build();
    }

    private static SegmentRecord Segment(byte id, uint ordinal, uint offset, uint stored) =>
        new(Hash256.Of([id]), ordinal, offset, stored, stored - 16, SegmentCodec.Stored, SegmentType.Data);

    private static StreamRecord Stream(string name, uint id, ProtectedContent? content) => new()
    {
        Name = name,
        Id = id,
        SizeBytes = content?.LengthBytes ?? 1L << 40,
        AllocatedBytes = 8192,
        Traits = EntryTraits.Sparse,
        RawSizeBytes = id == 1 ? 0 : null,
        Content = content,
    };

    private static DigestMap Digests()
    {
        var digests = new DigestMap.Builder();
        digests.Add(0, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        digests.Add(2, [2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        return digests.Build();
    }
}
