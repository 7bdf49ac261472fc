namespace Harness.Simulator.Content;

/// <summary>
/// Bytes from (profile, seed, offset): random access at any byte, no state, the same on every machine. A generator's output
/// is part of what a seed means, so golden hashes in the tests pin it.
/// </summary>
public static class ContentGenerator
{
    /// <summary>Fills the buffer with the bytes at <paramref name="offset"/> of the stream that the seed stands for.</summary>
    public static void Fill(in ContentProfile profile, ulong seed, long offset, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        switch (profile.Kind)
        {
            case ContentKind.Zeros:
                buffer.Clear();
                break;
            case ContentKind.Text:
                TextContent.Fill(seed, offset, buffer);
                break;
            default:
                FillBytes(profile, seed, offset, buffer);
                break;
        }
    }

    private static void FillBytes(in ContentProfile profile, ulong seed, long offset, Span<byte> buffer)
    {
        if (profile is { RatioPermille: 1000, DuplicatePermille: 0 })
        {
            ByteContent.FillRandom(seed, offset, buffer);
            return;
        }

        while (buffer.Length > 0)
        {
            var within = (int)(offset % ByteContent.BlockBytes);
            var take = Math.Min(buffer.Length, ByteContent.BlockBytes - within);
            var blockSeed = ByteContent.BlockSeed(profile, seed, offset / ByteContent.BlockBytes);
            ByteContent.FillBlock(profile.RatioPermille, blockSeed, within, buffer[..take]);
            buffer = buffer[take..];
            offset += take;
        }
    }
}
