using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Simulator.Content;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>What a range of 1 MiB costs in allocations on its way from the reader to the pack, once buffers are there.</summary>
public sealed class HotPathTests
{
    private const int Ranges = 12;

    /// <summary>A prepared segment, its entry in the pack, and a nonce: nothing that grows with the bytes.</summary>
    private const long MostBytesPerRange = 1024;

    [Test]
    public void Range_ThroughEveryStage_AllocatesNothingPerBlock([Values] bool isText)
    {
        var keys = new KeyRing(new byte[KeyRing.KeyBytes], new byte[16]);
        var content = new byte[FormatLimits.RangeBytes];
        ContentGenerator.Fill(isText ? ContentProfile.Text : ContentProfile.Random, 1, 0, content);
        var fingerprints = new byte[FormatLimits.PagesPerRange * FormatLimits.FingerprintBytes];
        using var pack = new PackBuilder(keys, new byte[KeyRing.SaltBytes], (Ranges + 8) << 20);
        // The pack's buffer grows once, to its full size.
        Send(6);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Send(Ranges);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(allocated, Is.LessThanOrEqualTo(Ranges * MostBytesPerRange));

        void Send(int ranges)
        {
            for (var i = 0; i < ranges; i++)
            {
                content[0]++;
                PageHasher.Fingerprint(keys, content, fingerprints);
                var segment = PreparedSegment.Of(keys, content, filter: null);
                pack.Add(segment.Id, SegmentType.Data, segment.Codec, segment.Encoded.Span, segment.RawBytes);
                segment.Release();
            }
        }
    }

    [Test]
    public void SealedBlob_OfAMebibyte_AllocatesLittleBesideItself()
    {
        var keys = new KeyRing(new byte[KeyRing.KeyBytes], new byte[16]);
        var content = new byte[FormatLimits.RangeBytes];
        ContentGenerator.Fill(ContentProfile.Random, 1, 0, content);
        var salt = new byte[KeyRing.SaltBytes];
        _ = SealedBlob.Seal(keys, SealedType.Manifest, "context", content, salt);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var blob = SealedBlob.Seal(keys, SealedType.Manifest, "context", content, salt);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(allocated - blob.Length, Is.LessThan(16 << 10));
    }
}
