using System.IO.Compression;
using System.Security.Cryptography;
using Harness.Simulator.Content;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
public sealed class ContentTests
{
    private static readonly ContentProfile Mixed = new(ContentKind.Bytes, 300, 400, 16, 9);

    // Other bytes for the same seed would change the meaning of every recipe and of every recorded failure.
    [TestCase(ContentKind.Bytes, 1000, 0, ExpectedResult = "BF20CC2504704D12")]
    [TestCase(ContentKind.Bytes, 300, 400, ExpectedResult = "9104D40D179F7E77")]
    [TestCase(ContentKind.Text, 1000, 0, ExpectedResult = "52F492B6EC255081")]
    public string Content_OfASeed_IsTheSameEverywhere(ContentKind kind, int ratio, int duplicates)
    {
        var bytes = new byte[300_000];
        ContentGenerator.Fill(new ContentProfile(kind, ratio, duplicates), 1234, 5, bytes);
        return Convert.ToHexString(SHA256.HashData(bytes))[..16];
    }

    // What a processor with other vectors, or none, would give.
    [TestCase(8)]
    [TestCase(64)]
    [TestCase(1016)]
    [TestCase(4096)]
    public void RandomWords_OfEveryVectorWidth_AreTheScalarBytes(int length)
    {
        var scalar = new byte[length];
        var vectors256 = new byte[length];
        var vectors512 = new byte[length];
        var chosen = new byte[length];
        const ulong counter = ulong.MaxValue - 77;

        var after = RandomWords.FillScalar(counter, scalar);
        var rest = vectors256.AsSpan();
        var after256 = RandomWords.FillScalar(RandomWords.Fill256(counter, ref rest), rest);
        rest = vectors512;
        var after512 = RandomWords.FillScalar(RandomWords.Fill512(counter, ref rest), rest);

        Assert.That(RandomWords.Fill(counter, chosen), Is.EqualTo(after));
        Assert.That(after256, Is.EqualTo(after));
        Assert.That(after512, Is.EqualTo(after));
        Assert.That(vectors256, Is.EqualTo(scalar));
        Assert.That(vectors512, Is.EqualTo(scalar));
        Assert.That(chosen, Is.EqualTo(scalar));
    }

    [TestCase(ContentKind.Bytes, 1000)]
    [TestCase(ContentKind.Bytes, 500)]
    [TestCase(ContentKind.Text, 1000)]
    public void Content_OfAnyProfile_AllocatesNothing(ContentKind kind, int ratio)
    {
        var profile = new ContentProfile(kind, ratio);
        var buffer = new byte[100_000];
        ContentGenerator.Fill(profile, 1, 3, buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        ContentGenerator.Fill(profile, 2, 3, buffer);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [TestCase(ContentKind.Bytes)]
    [TestCase(ContentKind.Text)]
    [TestCase(ContentKind.Zeros)]
    public void Content_ReadAtAnyOffset_IsTheSameBytes(ContentKind kind)
    {
        var profile = Mixed with { Kind = kind };
        var whole = new byte[400_000];
        ContentGenerator.Fill(profile, 99, 0, whole);
        var random = new SeededSequence(5);
        for (var i = 0; i < 500; i++)
        {
            var offset = random.Below(whole.Length);
            var part = new byte[random.Below(Math.Min(9000, whole.Length - offset)) + 1];
            ContentGenerator.Fill(profile, 99, offset, part);

            Assert.That(part.AsSpan().SequenceEqual(whole.AsSpan(offset, part.Length)), Is.True, $"offset {offset}");
        }
    }

    [TestCase(1000)]
    [TestCase(500)]
    [TestCase(100)]
    public void Content_OfARatio_CompressesToAboutThat(int permille)
    {
        var bytes = new byte[1 << 20];
        ContentGenerator.Fill(new ContentProfile(ContentKind.Bytes, permille), 3, 0, bytes);
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        Assert.That(packed.Length * 1000.0 / bytes.Length, Is.EqualTo(permille).Within(30));
    }

    [Test]
    public void Content_WithDuplicates_RepeatsThatShareOfItsBlocks()
    {
        const int blocks = 2000;
        var seen = new HashSet<string>();
        var block = new byte[65536];
        for (var i = 0; i < blocks; i++)
        {
            ContentGenerator.Fill(Mixed, 77, i * 65536L, block);
            seen.Add(Convert.ToHexString(SHA256.HashData(block)));
        }

        Assert.That(seen, Has.Count.EqualTo(16 + (blocks * 0.6)).Within(80));
    }

    [Test]
    public void EfsCipher_OneChangedByte_ChangesOneSectorAndDecryptsBack()
    {
        var plain = new byte[2048];
        ContentGenerator.Fill(ContentProfile.Text, 1, 0, plain);
        var changed = (byte[])plain.Clone();
        changed[700] ^= 1;

        var a = Encrypt(plain);
        var b = Encrypt(changed);

        Assert.That(Enumerable.Range(0, 4).Where(i => !Sector(a, i).SequenceEqual(Sector(b, i))), Is.EqualTo(new[] { 1 }));
        Assert.That(Sector(a, 1).Zip(Sector(b, 1)).Count(pair => pair.First != pair.Second), Is.GreaterThan(450));
        for (var i = 0; i < 4; i++)
        {
            EfsCipher.Decrypt(5, i, a.AsSpan(i * 512, 512));
        }

        Assert.That(a, Is.EqualTo(plain));
    }

    private static byte[] Encrypt(byte[] plain)
    {
        var bytes = (byte[])plain.Clone();
        for (var i = 0; i < bytes.Length / 512; i++)
        {
            EfsCipher.Encrypt(5, i, bytes.AsSpan(i * 512, 512));
        }

        return bytes;
    }

    private static byte[] Sector(byte[] bytes, int index) => bytes[(index * 512)..((index + 1) * 512)];
}
