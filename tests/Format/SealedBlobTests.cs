using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using NUnit.Framework;

namespace Harness.Tests.Format;

[Parallelizable]
public sealed class SealedBlobTests
{
    private static readonly KeyRing Keys = new(Enumerable.Repeat((byte)7, 32).ToArray(), Enumerable.Repeat((byte)3, 16).ToArray());
    private static readonly byte[] Salt = Enumerable.Repeat((byte)9, 32).ToArray();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(FormatLimits.RangeBytes)]
    [TestCase(FormatLimits.RangeBytes + 1)]
    [TestCase((3 * FormatLimits.RangeBytes) + 17)]
    public void Open_WhatWasSealed_GivesTheSameBytes(int length)
    {
        var plaintext = new byte[length];
        new Random(1).NextBytes(plaintext.AsSpan(0, length / 2));

        var blob = SealedBlob.Seal(Keys, SealedType.Manifest, "manifest/x", plaintext, Salt);

        Assert.That(SealedBlob.Open(Keys, SealedType.Manifest, "manifest/x", blob, "b"), Is.EqualTo(plaintext));
    }

    [Test]
    public void Open_EveryBitFlippedAndEveryTruncation_IsRefused()
    {
        var blob = SealedBlob.Seal(Keys, SealedType.Commit, "commit/x/1", "some plain text"u8, Salt);

        for (var i = 0; i < blob.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var flipped = (byte[])blob.Clone();
                flipped[i] ^= (byte)(1 << bit);
                AssertDamaged(flipped, SealedType.Commit, "commit/x/1");
            }

            AssertDamaged(blob[..i], SealedType.Commit, "commit/x/1");
        }

        AssertDamaged([.. blob, 0], SealedType.Commit, "commit/x/1");
    }

    [Test]
    public void Open_AsAnotherTypeOrContext_IsRefused()
    {
        var blob = SealedBlob.Seal(Keys, SealedType.Commit, "commit/x/1", "text"u8, Salt);

        AssertDamaged(blob, SealedType.Manifest, "commit/x/1");
        AssertDamaged(blob, SealedType.Commit, "commit/x/2");
    }

    [Test]
    public void Open_FramesReordered_IsRefused()
    {
        var plaintext = new byte[2 * FormatLimits.RangeBytes];
        new Random(1).NextBytes(plaintext);
        var blob = SealedBlob.Seal(Keys, SealedType.Index, "index", plaintext, Salt);
        var frame = (blob.Length - SealedBlob.HeaderBytes) / 2;

        AssertDamaged(
            [.. blob[..SealedBlob.HeaderBytes], .. blob[(SealedBlob.HeaderBytes + frame)..], .. blob.AsSpan(SealedBlob.HeaderBytes, frame)],
            SealedType.Index,
            "index");
    }

    private static void AssertDamaged(byte[] blob, SealedType type, string context)
    {
        var error = Assert.Throws<BackupException>(() => SealedBlob.Open(Keys, type, context, blob, "the-blob"))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.VaultBlobDamaged));
        Assert.That(error.Message, Does.Contain("the-blob"));
    }
}
