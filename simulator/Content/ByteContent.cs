namespace Harness.Simulator.Content;

/// <summary>Counter-mode bytes: word <c>i</c> of a stream is <c>Mix.Of(seed + i * gamma)</c>, little-endian.</summary>
internal static class ByteContent
{
    /// <summary>Unit of duplication, and the reach within which compressible and incompressible parts alternate.</summary>
    public const int BlockBytes = 64 * 1024;

    /// <summary>Each run of this many bytes is first random, then constant, in the proportion of the ratio.</summary>
    private const int RunBytes = 1024;

    public static void FillRandom(ulong seed, long offset, Span<byte> buffer)
    {
        unchecked
        {
            var counter = seed + (((ulong)offset / 8) * Mix.Gamma);
            var skip = (int)(offset % 8);
            if (skip != 0)
            {
                Span<byte> first = stackalloc byte[8];
                counter = RandomWords.FillScalar(counter, first);
                var take = Math.Min(8 - skip, buffer.Length);
                first.Slice(skip, take).CopyTo(buffer);
                buffer = buffer[take..];
            }

            var whole = buffer.Length & ~7;
            counter = RandomWords.Fill(counter, buffer[..whole]);
            if (whole < buffer.Length)
            {
                Span<byte> last = stackalloc byte[8];
                RandomWords.FillScalar(counter, last);
                last[..(buffer.Length - whole)].CopyTo(buffer[whole..]);
            }
        }
    }

    /// <summary>The seed of one 64 KiB block: the file's own, or one of the shared pool.</summary>
    public static ulong BlockSeed(in ContentProfile profile, ulong seed, long block)
    {
        var draw = Mix.Of(seed, (ulong)block);
        return draw % 1000 < (ulong)profile.DuplicatePermille
            ? Mix.Of(profile.PoolSeed, (draw >> 20) % (ulong)profile.PoolBlocks)
            : draw;
    }

    public static void FillBlock(int ratioPermille, ulong blockSeed, int within, Span<byte> buffer)
    {
        var randomBytes = RunBytes * ratioPermille / 1000;
        var constant = (byte)(blockSeed >> 56);
        while (buffer.Length > 0)
        {
            var position = within % RunBytes;
            var isRandom = position < randomBytes;
            var take = Math.Min(buffer.Length, (isRandom ? randomBytes : RunBytes) - position);
            if (isRandom)
            {
                FillRandom(blockSeed, within, buffer[..take]);
            }
            else
            {
                buffer[..take].Fill(constant);
            }

            buffer = buffer[take..];
            within += take;
        }
    }
}
