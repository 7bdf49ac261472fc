using Harness.Engine.Format;

namespace Harness.Engine.State;

/// <summary>
/// Where the scratch location keeps the page fingerprints of one region: range in the region -> offset in the pages file, and
/// how many pages. Ranges of one page have none: their digest is the fingerprint. Immutable.
/// </summary>
internal sealed class PageTable
{
    private readonly Block[] _blocks;

    private PageTable(Block[] blocks) => _blocks = blocks;

    public static PageTable Empty { get; } = new([]);

    public int Count => _blocks.Length;

    public IReadOnlyList<Block> Blocks => _blocks;

    /// <summary>Bytes of all fingerprints that it refers to.</summary>
    public long FingerprintBytes => _blocks.Sum(block => (long)block.LengthBytes);

    /// <summary>The fingerprints of a range, or null.</summary>
    public Block? this[int range]
    {
        get
        {
            int low = 0, high = _blocks.Length - 1;
            while (low <= high)
            {
                var middle = (low + high) >> 1;
                if (_blocks[middle].Range == range)
                {
                    return _blocks[middle];
                }

                (low, high) = _blocks[middle].Range < range ? (middle + 1, high) : (low, middle - 1);
            }

            return null;
        }
    }

    public bool SameAs(PageTable other) => ReferenceEquals(this, other) || _blocks.AsSpan().SequenceEqual(other._blocks);

    public byte[] Encode()
    {
        var output = new WireWriter();
        output.VarInt((ulong)_blocks.Length);
        long range = 0, offset = 0;
        foreach (var block in _blocks)
        {
            output.VarInt(block.Range - range);
            output.ZigZag(block.Offset - offset);
            output.U8((byte)(block.Pages - 1));
            output.U8((byte)(block.Kept - 1));
            (range, offset) = (block.Range, block.Offset);
        }

        return output.ToArray();
    }

    public static PageTable Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        var blocks = new Block[reader.Count(reader.Remaining / 4)];
        long range = 0, offset = 0;
        for (var i = 0; i < blocks.Length; i++)
        {
            range += reader.Count(FormatLimits.RangesPerRegion - 1 - range);
            offset = unchecked(offset + reader.ZigZag());
            blocks[i] = new Block((int)range, offset, reader.U8() + 1, reader.U8() + 1);
            if (blocks[i].Kept > blocks[i].Pages || offset < 0)
            {
                throw new InvalidDataException("a block of fingerprints cannot be where it is said to be");
            }
        }

        reader.End();
        return new PageTable(blocks);
    }

    /// <summary>The fingerprints of one range.</summary>
    /// <param name="Range">Range in the region.</param>
    /// <param name="Offset">First byte in the pages file.</param>
    /// <param name="Pages">Pages, 2 to 256.</param>
    /// <param name="Kept">Pages among them that are not zeros, 1 to 256: only those are written, so a sparse file has a small map.</param>
    internal readonly record struct Block(int Range, long Offset, int Pages, int Kept)
    {
        public int LengthBytes => PageBlock.LengthOf(Pages, Kept);
    }

    /// <summary>Collects blocks in ascending order of range.</summary>
    public sealed class Builder
    {
        private readonly List<Block> _blocks = [];

        public void Add(Block block) => _blocks.Add(block);

        /// <summary>Adds the blocks of another table in [from, to).</summary>
        public void AddFrom(PageTable other, int from, int to) =>
            _blocks.AddRange(other._blocks.Where(block => block.Range >= from && block.Range < to));

        public PageTable Build() => _blocks.Count == 0 ? Empty : new PageTable([.. _blocks]);
    }
}
