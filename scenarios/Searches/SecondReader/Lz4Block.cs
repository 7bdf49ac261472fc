namespace Harness.Scenarios.Searches.SecondReader;

/// <summary>FORMAT.md section 4: the LZ4 block, byte by byte.</summary>
internal static class Lz4Block
{
    public static byte[] Decode(byte[] block)
    {
        var raw = new List<byte>();
        for (var at = 0; ;)
        {
            var token = block[at++];
            var literals = Length(block, ref at, token >> 4);
            raw.AddRange(block.AsSpan(at, literals));
            at += literals;
            if (at == block.Length)
            {
                return [.. raw];
            }

            var distance = block[at] + (block[at + 1] << 8);
            at += 2;
            VaultKeys.Require(distance >= 1 && distance <= raw.Count);
            for (var length = Length(block, ref at, token & 15) + 4; length > 0; length--)
            {
                raw.Add(raw[^distance]);
            }
        }
    }

    private static int Length(byte[] block, ref int at, int nibble)
    {
        var length = nibble;
        for (var more = nibble == 15 ? 255 : 0; more == 255;)
        {
            more = block[at++];
            length += more;
        }

        return length;
    }
}
