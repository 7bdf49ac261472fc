using Harness.Engine.Crypto;
using Harness.Engine.Format;
using NUnit.Framework;

namespace Harness.Tests.Format;

/// <summary>Packs by one who has the keys and makes them contradict themselves: sealed rightly, and refused all the same.</summary>
[Parallelizable]
public sealed class ForgedPackTests
{
    private static readonly KeyRing Keys = new(Enumerable.Repeat((byte)7, 32).ToArray(), Enumerable.Repeat((byte)3, 16).ToArray());
    private static readonly byte[] Content = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];

    [Test]
    public void Read_SegmentUnderTheIdOfAnother_IsRefused()
    {
        var pack = Forged(static _ => { }, Hash256.Of([1]));
        using var reader = PackReader.FromHeader(Keys, pack);
        var segment = reader.ReadFooter(pack)[0];

        Assert.That(
            () => reader.Read(segment, pack.AsSpan((int)segment.Offset, (int)segment.StoredBytes), new byte[segment.RawBytes]),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("hash to its id"));
    }

    [Test]
    public void Read_FewerBytesThanTheIndexSays_IsRefusedAsDamageAndNotAsAWrongKey()
    {
        var pack = Forged(static _ => { });
        using var reader = PackReader.FromHeader(Keys, pack);
        var segment = reader.ReadFooter(pack)[0];

        Assert.That(
            () => reader.Read(segment, pack.AsSpan((int)segment.Offset, (int)segment.StoredBytes - 1), new byte[segment.RawBytes]),
            Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void ReadFooter_ASegmentIsLeftOut_IsRefused() => Refuses(Forged(static segments => segments.RemoveAt(1)), "do not fill it");

    [Test]
    public void ReadFooter_ASegmentLiesOverAnother_IsRefused() =>
        Refuses(Forged(static segments => segments[1] = segments[1] with { Offset = segments[0].Offset }), "side by side");

    private static void Refuses(byte[] pack, string why)
    {
        using var reader = PackReader.FromHeader(Keys, pack);
        Assert.That(() => reader.ReadFooter(pack), Throws.TypeOf<InvalidDataException>().With.Message.Contains(why));
    }

    /// <summary>Two segments, the first under an id that may be wrong; the footer says what is made of its list.</summary>
    private static byte[] Forged(Action<List<SegmentRecord>> forge, Hash256? id = null)
    {
        using var builder = new PackBuilder(Keys, new byte[KeyRing.SaltBytes], 1 << 20);
        builder.Add(id ?? Keys.SegmentId(Content), SegmentType.Data, SegmentCodec.Stored, Content, Content.Length);
        builder.Add(Keys.SegmentId(Content), SegmentType.Data, SegmentCodec.Stored, Content, Content.Length);
        forge((List<SegmentRecord>)builder.Segments);
        return builder.Seal().ToArray();
    }
}
