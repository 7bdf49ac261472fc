using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Rules;
using NUnit.Framework;

namespace Harness.Tests.Format;

/// <summary>A listed entry beside the bytes of its record.</summary>
public sealed class ListedEntryTests
{
    private static readonly SourceEntry Listed = new()
    {
        Path = "folder/näme \ud800.bin",
        FileReference = 42,
        ParentReference = 5,
        Kind = EntryKind.File,
        Traits = EntryTraits.Sparse,
        Attributes = 0x220,
        Times = new EntryTimes(new Timestamp(-5, 1), new Timestamp(1_700_000_000, 999_999_999), new Timestamp(7, 0), new Timestamp(0, 0)),
        Security = EntrySecurity.FromPosix(0x1A4, 1000, 1000),
        Streams =
        [
            new SourceStream { Name = "", SizeBytes = 5000, AllocatedBytes = 8192, Traits = EntryTraits.Sparse },
            new SourceStream { Name = "stream", SizeBytes = 300, AllocatedBytes = 512 },
        ],
    };

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return Change("kind", entry => entry with { Kind = EntryKind.Directory });
        yield return Change("traits", entry => entry with { Traits = EntryTraits.None });
        yield return Change("attributes", entry => entry with { Attributes = 0x221 });
        yield return Change("parent", entry => entry with { ParentReference = 6 });
        yield return Change("name", entry => entry with { Path = "folder/name.bin" });
        yield return Change("letter", entry => entry with { Path = "folder/Näme \ud800.bin" });
        yield return Change("created", entry => entry with { Times = entry.Times with { Created = new Timestamp(-5, 2) } });
        yield return Change("written", entry => entry with { Times = entry.Times with { Written = null } });
        yield return Change("changed", entry => entry with { Times = entry.Times with { Changed = new Timestamp(8, 0) } });
        yield return Change("security", entry => entry with { Security = EntrySecurity.FromPosix(0x1A5, 1000, 1000) });
        yield return Change("encryption", entry => entry with { EncryptionInfo = new byte[] { 1 } });
        yield return Change("size", entry => entry with { Streams = [entry.Streams[0] with { SizeBytes = 5001 }, entry.Streams[1]] });
        yield return Change("allocated", entry => entry with { Streams = [entry.Streams[0] with { AllocatedBytes = 4096 }, entry.Streams[1]] });
        yield return Change("stream", entry => entry with { Streams = [entry.Streams[0], entry.Streams[1] with { Name = "streaM" }] });
        yield return Change("stream size", entry => entry with { Streams = [entry.Streams[0], entry.Streams[1] with { SizeBytes = 301 }] });
        yield return Change("raw", entry => entry with { Streams = [entry.Streams[0], entry.Streams[1] with { RawSizeBytes = 300 }] });
        yield return Change("no stream", entry => entry with { Streams = [entry.Streams[0]] });
    }

    [Test]
    public void IsSame_ItsOwnRecord_IsTrueWhateverTheLastAccess([Values(null, 0L, 9L)] long? accessed)
    {
        var entry = Listed with { Times = Listed.Times with { Accessed = accessed is { } seconds ? new Timestamp(seconds, 5) : null } };

        Assert.That(IsSame(Encode(Listed), entry), Is.True);
        Assert.That(IsSame(Encode(entry), Listed), Is.True);
    }

    [TestCaseSource(nameof(Changes))]
    public void IsSame_OneThingChanged_IsFalse(SourceEntry changed)
    {
        Assert.That(IsSame(Encode(Listed), changed), Is.False);
        Assert.That(IsSame(Encode(changed), Listed), Is.False);
    }

    [Test]
    public void IsSame_AnotherProtection_IsFalse() =>
        Assert.That(ListedEntry.IsSame(Encode(Listed), Listed, Protection.FullOnly, Listed.Streams), Is.False);

    [Test]
    public void IsSame_RecordCutShort_IsFalseUntilItsLastContent()
    {
        var payload = Encode(Listed);
        var streamAt = payload.AsSpan().LastIndexOf("stream"u8);
        for (var length = 0; length < streamAt; length++)
        {
            Assert.That(IsSame(payload.AsSpan(0, length), Listed), Is.False, $"{length} bytes");
        }
    }

    [Test]
    public void IsSame_NameInAscii_AllocatesNothing()
    {
        var entry = Listed with { Path = "folder/name.bin", Streams = [Listed.Streams[0]] };
        var payload = Encode(entry);
        Assert.That(IsSame(payload, entry), Is.True);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _ = IsSame(payload, entry);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static bool IsSame(ReadOnlySpan<byte> payload, SourceEntry entry) =>
        ListedEntry.IsSame(payload, entry, Protection.Incremental, entry.Streams);

    private static TestCaseData Change(string name, Func<SourceEntry, SourceEntry> change) =>
        new TestCaseData(change(Listed)).SetArgDisplayNames(name);

    private static byte[] Encode(SourceEntry entry) => RecordCodec.Encode(
        new EntryRecord
        {
            FileReference = entry.FileReference,
            Kind = entry.Kind,
            Protection = Protection.Incremental,
            Traits = entry.Traits,
            Attributes = entry.Attributes,
            Parent = entry.ParentReference,
            Name = entry.Name,
            Times = entry.Times,
            Security = entry.Security,
            EncryptionInfo = entry.EncryptionInfo,
            Streams = [.. entry.Streams.Select((stream, i) => new StreamRecord
            {
                Name = stream.Name,
                Id = (uint)i,
                SizeBytes = stream.SizeBytes,
                AllocatedBytes = stream.AllocatedBytes,
                Traits = stream.Traits,
                RawSizeBytes = stream.RawSizeBytes,
                Content = ProtectedContent.Empty,
            })],
        },
        parent: null);
}
