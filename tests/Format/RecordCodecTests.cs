using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Rules;
using NUnit.Framework;

namespace Harness.Tests.Format;

[Parallelizable]
public sealed class RecordCodecTests
{
    [TestCase("plain.txt")]
    [TestCase("ÅngströmÖ – 文件 🗂.txt")]
    [TestCase("lone\ud800surrogate")]
    [TestCase("tail\udfff")]
    [TestCase("\udc00\ud800")]
    public void Entry_AnyName_SurvivesTheWire(string name)
    {
        var entry = Entry(name);

        var decoded = RecordCodec.DecodeEntry(entry.FileReference, RecordCodec.Encode(entry, parent: null), parent: null);

        Assert.That(decoded.Name, Is.EqualTo(name));
        Assert.That(RecordComparer.SameState(entry, decoded), Is.True);
        Assert.That(decoded.Times, Is.EqualTo(entry.Times));
    }

    [Test]
    public void Entry_EveryTruncation_IsRefused()
    {
        var entry = Entry("name");
        var payload = RecordCodec.Encode(entry, parent: null);

        for (var length = 0; length < payload.Length; length++)
        {
            var cut = payload[..length];
            Assert.Throws<InvalidDataException>(() => RecordCodec.DecodeEntry(1, cut, parent: null), $"length {length}");
        }
    }

    [Test]
    public void Entry_EveryByteChanged_IsRefusedOrDecodesWithinLimits()
    {
        var payload = RecordCodec.Encode(Entry("name"), parent: null);

        var refused = 0;
        for (var i = 0; i < payload.Length; i++)
        {
            for (var value = 0; value < 256; value += 5)
            {
                var changed = (byte[])payload.Clone();
                changed[i] = (byte)value;
                try
                {
                    RecordCodec.DecodeEntry(1, changed, parent: null);
                }
                catch (InvalidDataException)
                {
                    refused++;
                }
            }
        }

        Assert.That(refused, Is.Positive);
    }

    [Test]
    public void Timestamp_FileTimeAndBack_IsExact([Values(0L, 1L, 132_000_000_000_000_001L, -1L)] long fileTime)
    {
        Assert.That(Timestamp.FromFileTime(fileTime).ToFileTime(), Is.EqualTo(fileTime));
    }

    private static EntryRecord Entry(string name) => new()
    {
        FileReference = 42,
        Kind = EntryKind.File,
        Protection = Protection.FullOnly,
        Traits = EntryTraits.Encrypted | EntryTraits.Sparse,
        Attributes = 0x4220,
        Parent = 5,
        Name = name,
        Times = new EntryTimes(new Timestamp(-5, 1), new Timestamp(1_700_000_000, 999_999_999), null, new Timestamp(0, 0)),
        Security = EntrySecurity.FromPosix(0x1A4, 1000, 1000),
        EncryptionInfo = new byte[] { 1, 2, 3 },
        Streams =
        [
            new StreamRecord
            {
                Name = "",
                Id = 0,
                SizeBytes = 5000,
                AllocatedBytes = 8192,
                Traits = EntryTraits.Encrypted,
                RawSizeBytes = 5122,
                Content = new ProtectedContent(
                    5122,
                    ExtentMap.Of([new Extent(0, 4096, ExtentKind.Data, new SegmentReference(Hash256.Of([1])), 7)]),
                    DigestMap.Empty),
            },
            new StreamRecord
            {
                Name = "stream",
                Id = 1,
                SizeBytes = 0,
                AllocatedBytes = 0,
                Traits = EntryTraits.None,
                RawSizeBytes = null,
                Content = ProtectedContent.Empty,
            },
        ],
    };
}
