using Harness.Engine.Format;
using NUnit.Framework;

namespace Harness.Tests.Format;

[Parallelizable]
public sealed class ExtentMapTests
{
    private const int MaxBytes = 4000;

    [Test]
    public void PatchFrom_AnyTwoMaps_AppliedToTheOldGivesTheNew([Range(1, 60)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 50; round++)
        {
            var (oldLength, newLength) = (random.Next(1, MaxBytes), random.Next(1, MaxBytes));
            var segments = Enumerable.Range(0, 4).Select(i => new SegmentReference(Hash256.Of([(byte)i]))).ToArray();
            var old = RandomMap(random, oldLength, segments);
            var next = random.Next(3) == 0 ? Edited(random, old, newLength, segments) : RandomMap(random, newLength, segments);

            var patch = next.PatchFrom(old, newLength);
            var applied = old.Apply(patch, newLength);

            Assert.That(Bytes(applied, newLength), Is.EqualTo(Bytes(next, newLength)));
            Assert.That(patch.All(extent => extent.Length > 0 && extent.End <= newLength), Is.True);
            Assert.That(Ascends(patch), Is.True);
            Assert.That(next.PatchFrom(next, newLength), Is.Empty);
        }
    }

    [Test]
    public void Content_AnyTwoStates_SurvivesTheWireInBothForms([Range(1, 40)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 30; round++)
        {
            var segments = Enumerable.Range(0, 4).Select(i => new SegmentReference(Hash256.Of([(byte)i]))).ToArray();
            var old = Content(random, random.Next(1, MaxBytes), segments);
            var next = Content(random, random.Next(1, MaxBytes), segments);

            AssertRoundTrip(next, parent: null);
            AssertRoundTrip(next, old);
            AssertRoundTrip(old, old);
        }
    }

    [Test]
    public void Slice_InsideOneExtent_OfNoLength_GivesNothing()
    {
        var map = ExtentMap.Of([new Extent(0, 100, ExtentKind.Zero, null, 0)]);

        Assert.That(map.Slice(50, 50), Is.Empty);
    }

    private static void AssertRoundTrip(ProtectedContent content, ProtectedContent? parent)
    {
        var output = new WireWriter();
        ContentCodec.Encode(output, content, parent);
        var reader = new WireReader(output.Written);
        var read = ContentCodec.Decode(ref reader, content.LengthBytes, parent)!;
        reader.End();

        Assert.That(Bytes(read.Extents, content.LengthBytes), Is.EqualTo(Bytes(content.Extents, content.LengthBytes)));
        Assert.That(read.Digests.DifferencesFrom(content.Digests), Is.Empty);
    }

    private static ProtectedContent Content(Random random, int length, SegmentReference[] segments)
    {
        var digests = new DigestMap.Builder();
        var digest = new byte[FormatLimits.FingerprintBytes];
        random.NextBytes(digest);
        digests.Add(0, digest);
        return new ProtectedContent(length, RandomMap(random, length, segments), digests.Build());
    }

    private static ExtentMap RandomMap(Random random, int length, SegmentReference[] segments)
    {
        var builder = new ExtentMap.Builder();
        for (long position = random.Next(3) * 10; position < length;)
        {
            var size = Math.Min(random.Next(1, 300), length - position);
            builder.Add(RandomExtent(random, position, size, segments));
            position += size + (random.Next(2) * random.Next(100));
        }

        return builder.Build();
    }

    private static ExtentMap Edited(Random random, ExtentMap old, int length, SegmentReference[] segments)
    {
        var at = random.Next(length);
        var size = Math.Min(random.Next(1, 200), length - at);
        return old.Apply([RandomExtent(random, at, size, segments)], length);
    }

    private static Extent RandomExtent(Random random, long offset, long size, SegmentReference[] segments) => random.Next(4) switch
    {
        0 => new Extent(offset, size, ExtentKind.Zero, null, 0),
        1 => new Extent(offset, size, ExtentKind.Hole, null, 0),
        _ => new Extent(offset, size, ExtentKind.Data, segments[random.Next(segments.Length)], random.Next(1000)),
    };

    /// <summary>What the map says of each byte, as a naive model.</summary>
    private static string[] Bytes(ExtentMap map, long length)
    {
        var bytes = new string[length];
        Array.Fill(bytes, "hole");
        foreach (var extent in map.Extents)
        {
            for (var i = 0; i < extent.Length; i++)
            {
                Assert.That(bytes[extent.Offset + i], Is.EqualTo("hole"));
                bytes[extent.Offset + i] = extent.Kind == ExtentKind.Zero ? "zero" : $"{extent.Segment!.Id}+{extent.SegmentOffset + i}";
            }
        }

        return bytes;
    }

    private static bool Ascends(IReadOnlyList<Extent> extents) =>
        extents.Zip(extents.Skip(1)).All(pair => pair.First.End <= pair.Second.Offset);
}
