namespace Harness.Simulator.Volume;

/// <summary>The top of a record table at one moment.</summary>
internal readonly struct RecordRoot(RecordNode top, int height)
{
    public const int Fan = 64;

    private static readonly FileRecord Unused;

    public RecordNode Top { get; } = top;

    /// <summary>Levels of inner nodes, 1 or more.</summary>
    public int Height { get; } = height;

    /// <summary>Indexes below this fit.</summary>
    public ulong Capacity => 1UL << (6 * (Height + 1));

    public static int Slot(uint index, int level) => (int)((index >> (6 * level)) % Fan);

    /// <summary>A record; an unused one where there is none.</summary>
    public ref readonly FileRecord Get(uint index)
    {
        if (index >= Capacity)
        {
            return ref Unused;
        }

        object? node = Top;
        for (var level = Height; node is RecordNode inner; level--)
        {
            node = inner.Children[Slot(index, level)];
        }

        if (node is RecordPage page)
        {
            return ref page.Records[index % Fan];
        }

        return ref node is GeneratedTree tree ? ref tree.Page(index / Fan).Records[index % Fan] : ref Unused;
    }

    /// <summary>
    /// Whether no record of a range was ever changed since its tree was generated. Looks at as many nodes as the range has
    /// digits; a changed record counts for its whole page.
    /// </summary>
    /// <param name="from">First record.</param>
    /// <param name="to">The one after the last.</param>
    public bool IsGenerated(ulong from, ulong to) => from >= to || IsGenerated(Top, Height, 0, from, to);

    private static bool IsGenerated(object? node, int level, ulong first, ulong from, ulong to)
    {
        if (node is not RecordNode inner)
        {
            return node is GeneratedTree;
        }

        var step = 1UL << (6 * level);
        var firstSlot = from <= first ? 0 : (from - first) / step;
        for (var slot = firstSlot; slot < Fan && first + (slot * step) < to; slot++)
        {
            if (!IsGenerated(inner.Children[slot], level - 1, first + (slot * step), from, to))
            {
                return false;
            }
        }

        return true;
    }
}
