using System.Security.Cryptography;
using Harness.Engine.Crypto;
using Harness.Simulator.Content;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>The tag of FORMAT.md section 3 is what the framework's AES-GCM says, whichever way it is computed.</summary>
[Parallelizable]
public sealed class ContentTagTests
{
    private static readonly int[] Lengths =
        [0, 1, 15, 16, 17, 31, 32, 33, 255, 256, 257, 271, 272, 511, 512, 513, 4095, 4096, 4097, 100_001, 1 << 20];

    [Test]
    public void Compute_AnyLength_IsTheTagOfAesGcm([Values] bool isCarryless, [ValueSource(nameof(Lengths))] int lengthBytes)
    {
        if (isCarryless && !CarrylessTag.IsSupported)
        {
            Assert.Ignore("This processor has no carry-less multiplication of vectors.");
        }

        for (ulong seed = 1; seed <= 8; seed++)
        {
            var key = Bytes(32, seed);
            var content = Bytes(lengthBytes, seed + 100);
            var expected = new byte[16];
            using var cipher = new AesGcm(key, expected.Length);
            cipher.Encrypt(new byte[12], ReadOnlySpan<byte>.Empty, [], expected, content);

            var actual = new byte[16];
            new ContentTag(key, isCarryless).Compute(content, actual);

            Assert.That(actual, Is.EqualTo(expected), $"seed {seed}");
        }
    }

    [Test]
    public void Tag_VectorsOfEitherWidth_IsTheSame([ValueSource(nameof(Lengths))] int lengthBytes)
    {
        if (!CarrylessGroups512.IsSupported)
        {
            Assert.Ignore("This processor has no carry-less multiplication of vectors of 64 bytes.");
        }

        var (key, content) = (Bytes(32, 7), Bytes(lengthBytes, 8));
        var (narrow, wide) = (new byte[16], new byte[16]);
        new CarrylessTag(key, isWide: false).Tag(content, narrow);
        new CarrylessTag(key, isWide: true).Tag(content, wide);

        Assert.That(wide, Is.EqualTo(narrow));
    }

    [Test]
    public void Compute_ExtremeKeysAndContent_IsTheSameBothWays([Values(0x00, 0x80, 0xff)] int ofKey, [Values(0x00, 0x01, 0x80, 0xff)] int ofContent)
    {
        if (!CarrylessTag.IsSupported)
        {
            Assert.Ignore("This processor has no carry-less multiplication of vectors.");
        }

        var key = Enumerable.Repeat((byte)ofKey, 32).ToArray();
        var content = Enumerable.Repeat((byte)ofContent, 4096 + 300).ToArray();
        var (one, other) = (new byte[16], new byte[16]);
        new ContentTag(key, isCarryless: true).Compute(content, one);
        new ContentTag(key, isCarryless: false).Compute(content, other);

        Assert.That(one, Is.EqualTo(other));
    }

    [Test]
    public void MaskPages_Twice_GivesBackWhatWasThere()
    {
        var keys = new KeyRing(Bytes(KeyRing.KeyBytes, 1), Bytes(16, 2));
        var (digest, pages) = (Bytes(16, 3), Bytes(256 * 20, 4));
        var masked = pages.ToArray();

        keys.MaskPages(digest, masked);
        var shown = masked.ToArray();
        keys.MaskPages(digest, shown);

        Assert.That(shown, Is.EqualTo(pages));
        Assert.That(masked.Zip(pages).Count(pair => pair.First == pair.Second), Is.LessThan(pages.Length / 64));
    }

    private static byte[] Bytes(int count, ulong seed)
    {
        var bytes = new byte[count];
        ContentGenerator.Fill(ContentProfile.Random, seed, 0, bytes);
        return bytes;
    }
}
