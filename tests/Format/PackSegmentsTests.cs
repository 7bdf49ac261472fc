using System.Buffers.Binary;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using NUnit.Framework;

namespace Harness.Tests.Format;

/// <summary>A pack of more segments than FORMAT.md section 10 allows is refused, in the index and by its own footer.</summary>
[Parallelizable]
public sealed class PackSegmentsTests
{
    [TestCase(0, false)]
    [TestCase(1, true)]
    public void Index_PackAtTheLimit_IsReadAndAboveItRefused(int more, bool isRefused)
    {
        var segment = new SegmentRecord(default, 0, 0, 16, 0, SegmentCodec.Stored, SegmentType.Data);
        var segments = Enumerable.Repeat(segment, FormatLimits.PackSegments + more).ToArray();
        var plaintext = IndexDocument.Encode([new IndexedPack(default, new byte[KeyRing.SaltBytes], 100, segments)]);

        Assert.That(
            () => IndexDocument.Decode(plaintext, "index/x"),
            isRefused
                ? Throws.TypeOf<BackupException>().With.Property(nameof(BackupException.Code)).EqualTo(ErrorCode.VaultBlobDamaged)
                    .And.Message.Contains("more than 1048576 segments")
                : Throws.Nothing);
    }

    [Test]
    public void Footer_OfMoreSegmentsThanAPackMayHave_IsRefusedBeforeItIsRead()
    {
        var stored = ((FormatLimits.PackSegments + 1) * PackBuilder.FooterRecordBytes) + FormatLimits.TagBytes;
        var pack = new byte[PackBuilder.HeaderBytes + stored + PackBuilder.TrailerBytes];
        BinaryPrimitives.WriteInt32LittleEndian(pack.AsSpan(pack.Length - PackBuilder.TrailerBytes), stored);
        PackBuilder.TrailerMagic.CopyTo(pack.AsSpan(pack.Length - PackBuilder.TrailerBytes + 4));
        using var reader = new PackReader(new KeyRing(new byte[32], new byte[16]), new byte[KeyRing.SaltBytes]);

        Assert.That(() => reader.ReadFooter(pack), Throws.TypeOf<InvalidDataException>().With.Message.Contains("more than 1048576 segments"));
    }
}
