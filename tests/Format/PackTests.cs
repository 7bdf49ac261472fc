using System.Security.Cryptography;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using NUnit.Framework;

namespace Harness.Tests.Format;

[Parallelizable]
public sealed class PackTests
{
    private static readonly KeyRing Keys = new(Enumerable.Repeat((byte)7, 32).ToArray(), Enumerable.Repeat((byte)3, 16).ToArray());

    [Test]
    public void Read_EverySegment_GivesTheBytesThatWerePacked()
    {
        var (pack, contents) = Build();
        using var reader = PackReader.FromHeader(Keys, pack);

        var segments = reader.ReadFooter(pack);

        Assert.That(segments, Has.Count.EqualTo(contents.Length));
        for (var i = 0; i < contents.Length; i++)
        {
            var raw = new byte[segments[i].RawBytes];
            reader.Read(segments[i], pack.AsSpan((int)segments[i].Offset, (int)segments[i].StoredBytes), raw);
            Assert.That(raw, Is.EqualTo(contents[i]));
        }
    }

    [Test]
    public void Read_EveryByteFlipped_IsNoticed()
    {
        var (pack, _) = Build();

        for (var i = 0; i < pack.Length; i++)
        {
            var flipped = (byte[])pack.Clone();
            flipped[i] ^= 0x10;
            Assert.That(() => ReadAll(flipped), Throws.InstanceOf<InvalidDataException>().Or.InstanceOf<CryptographicException>(), $"byte {i}");
        }
    }

    [Test]
    public void Read_SegmentInAnothersPlace_IsNoticed()
    {
        var (pack, _) = Build();
        using var reader = PackReader.FromHeader(Keys, pack);
        var segments = reader.ReadFooter(pack);
        var (first, third) = (segments[0], segments[2]);
        Assert.That(first.StoredBytes, Is.EqualTo(third.StoredBytes), "the test needs two of one length");

        Assert.That(
            () => reader.Read(first, pack.AsSpan((int)third.Offset, (int)third.StoredBytes), new byte[first.RawBytes]),
            Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public void Seal_InTheBufferOfALongerPack_GivesTheSameBytes()
    {
        using var longer = new PackBuilder(Keys, new byte[32], 64 << 10);
        longer.Add(Keys.SegmentId([1]), SegmentType.Data, SegmentCodec.Stored, new byte[2 << 20], 2 << 20);
        _ = longer.Seal();

        Assert.That(Build(longer.TakeBuffer()).Pack, Is.EqualTo(Build().Pack));
    }

    [Test]
    public void Add_BeyondTheTarget_KeepsWhatWasThere()
    {
        var random = new Random(9);
        var contents = Enumerable.Range(0, 12).Select(_ => new byte[1 << 20]).ToArray();
        using var builder = new PackBuilder(Keys, new byte[32], 2 << 20);
        foreach (var content in contents)
        {
            random.NextBytes(content);
            builder.Add(Keys.SegmentId(content), SegmentType.Data, SegmentCodec.Stored, content, content.Length);
        }

        Assert.That(() => ReadAll(builder.Seal().ToArray()), Throws.Nothing);
        Assert.That(builder.Segments, Has.Count.EqualTo(contents.Length));
    }

    private static void ReadAll(byte[] pack)
    {
        using var reader = PackReader.FromHeader(Keys, pack);
        foreach (var segment in reader.ReadFooter(pack))
        {
            reader.Read(
                segment, pack.AsSpan((int)segment.Offset, (int)segment.StoredBytes), new byte[segment.RawBytes]);
        }
    }

    private static (byte[] Pack, byte[][] Contents) Build(byte[]? buffer = null)
    {
        var random = new Random(4);
        byte[][] contents = [new byte[100], [.. Enumerable.Repeat((byte)65, 500)], new byte[100]];
        random.NextBytes(contents[0]);
        random.NextBytes(contents[2]);
        using var builder = new PackBuilder(Keys, Enumerable.Repeat((byte)1, 32).ToArray(), 1 << 20, buffer);
        var encodedBuffer = new byte[1000];
        foreach (var content in contents)
        {
            var (codec, length) = SegmentCodec.Encode(content, encodedBuffer);
            var encoded = codec == SegmentCodec.Stored ? content : encodedBuffer[..length];
            builder.Add(Keys.SegmentId(content), SegmentType.Data, codec, encoded, content.Length);
        }

        return (builder.Seal().ToArray(), contents);
    }
}
