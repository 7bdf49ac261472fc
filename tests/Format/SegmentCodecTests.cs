using Harness.Engine.Format;
using Harness.Scenarios.Searches.SecondReader;
using Harness.Simulator.Content;
using NUnit.Framework;

namespace Harness.Tests.Format;

[Parallelizable]
public sealed class SegmentCodecTests
{
    private const int Rounds = 300;

    [TestCase(1000, SegmentCodec.Stored)]
    [TestCase(700, SegmentCodec.Lz4)]
    [TestCase(100, SegmentCodec.Lz4)]
    public void Encode_BytesOfARatio_TakesTheCodecThatDeservesIt(int ratioPermille, byte expected)
    {
        var content = Bytes(ContentProfile.Random with { RatioPermille = ratioPermille }, FormatLimits.RangeBytes, 1);
        var encoded = new byte[content.Length];

        var (codec, length) = SegmentCodec.Encode(content, encoded);

        Assert.That(codec, Is.EqualTo(expected));
        Assert.That(length, Is.LessThan((content.Length * (ratioPermille + 30) / 1000) + 1));
    }

    [Test]
    public void Encode_LettersWithoutRepetitions_IsBrotli([Values(1, 2, 3)] int seed)
    {
        var content = new byte[FormatLimits.RangeBytes];
        new Random(seed).NextBytes(content);
        for (var i = 0; i < content.Length; i++)
        {
            content[i] = (byte)(' ' + (content[i] & 63));
        }

        var (codec, length) = SegmentCodec.Encode(content, new byte[content.Length]);

        // Six bits of eight.
        Assert.That(codec, Is.EqualTo(SegmentCodec.Brotli));
        Assert.That(length, Is.LessThan(content.Length * 78 / 100));
    }

    [Test]
    public void Encode_Text_IsBrotli()
    {
        var content = Bytes(ContentProfile.Text, FormatLimits.RangeBytes, 1);

        Assert.That(SegmentCodec.Encode(content, new byte[content.Length]).Codec, Is.EqualTo(SegmentCodec.Brotli));
    }

    [Test]
    public void Encode_ShortContentWithNoiseInFront_IsBrotli()
    {
        var content = Bytes(ContentProfile.Text, 16 << 10, 1);
        Bytes(ContentProfile.Random, 7 << 10, 2).CopyTo(content, 0);

        Assert.That(SegmentCodec.Encode(content, new byte[content.Length]).Codec, Is.EqualTo(SegmentCodec.Brotli));
    }

    /// <summary>Pieces of noise, runs and repetitions of what was before, at every distance and of every length.</summary>
    [Test]
    public void Lz4_AnyContent_ComesBackAndIsWhatTheDocumentSays()
    {
        var seed = TestContext.CurrentContext.Random.Next();
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var content = Patchwork(random, random.Next(round < 40 ? round + 1 : 200_000));
            var encoded = new byte[content.Length + (content.Length / 128) + 16];
            var length = Lz4Codec.Encode(content, encoded);
            var decoded = new byte[content.Length];

            Assert.That(length, Is.Positive, $"seed {seed}, round {round}");
            Assert.That(Lz4Decoder.TryDecode(encoded.AsSpan(0, length), decoded), Is.True, $"seed {seed}, round {round}");
            Assert.That(decoded.AsSpan().SequenceEqual(content), Is.True, $"seed {seed}, round {round}");
            Assert.That(Lz4Block.Decode(encoded[..length]).AsSpan().SequenceEqual(content), Is.True, $"seed {seed}, round {round}");
            Assert.That(Lz4Decoder.TryDecode(encoded.AsSpan(0, length), new byte[content.Length + 1]), Is.False);
            Assert.That(content.Length == 0 || !Lz4Decoder.TryDecode(encoded.AsSpan(0, length), new byte[content.Length - 1]), Is.True);
        }
    }

    [Test]
    public void Lz4_DestinationTooShort_IsRefusedAndNothingIsWrittenBeyond()
    {
        var seed = TestContext.CurrentContext.Random.Next();
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var content = Patchwork(random, 1 + random.Next(5000));
            var needed = Lz4Codec.Encode(content, new byte[content.Length * 2 + 16]);
            var room = random.Next(needed);

            Assert.That(Lz4Codec.Encode(content, new byte[room]), Is.Zero, $"seed {seed}, round {round}");
        }
    }

    /// <summary>Whatever bytes come, decoding ends with yes or no.</summary>
    [Test]
    public void Lz4_DamagedBlock_NeverThrows()
    {
        var seed = TestContext.CurrentContext.Random.Next();
        var random = new Random(seed);
        var refused = 0;
        for (var round = 0; round < Rounds * 10; round++)
        {
            var content = Patchwork(random, 1 + random.Next(3000));
            var encoded = new byte[content.Length * 2 + 16];
            var block = encoded.AsSpan(0, Lz4Codec.Encode(content, encoded));
            block = block[..random.Next(1, block.Length + 1)];
            block[random.Next(block.Length)] = (byte)random.Next(256);

            refused += Lz4Decoder.TryDecode(block, new byte[content.Length]) ? 0 : 1;
        }

        Assert.That(refused, Is.Positive, $"seed {seed}");
        Assert.That(Lz4Decoder.TryDecode([], []), Is.False);
    }

    private static byte[] Patchwork(Random random, int length)
    {
        var content = new byte[length];
        for (var at = 0; at < length;)
        {
            var count = Math.Min(length - at, 1 + random.Next(random.Next(4) == 0 ? 70_000 : 40));
            var piece = content.AsSpan(at, count);
            switch (random.Next(3))
            {
                case 0:
                    random.NextBytes(piece);
                    break;
                case 1:
                    piece.Fill((byte)random.Next(256));
                    break;
                default:
                    var distance = 1 + random.Next(at == 0 ? 1 : at);
                    for (var i = 0; at > 0 && i < count; i++)
                    {
                        content[at + i] = content[at + i - distance];
                    }

                    break;
            }

            at += count;
        }

        return content;
    }

    private static byte[] Bytes(ContentProfile profile, int count, ulong seed)
    {
        var bytes = new byte[count];
        ContentGenerator.Fill(profile, seed, 0, bytes);
        return bytes;
    }
}
