namespace Harness.Simulator.Volume;

/// <summary>
/// Walks two record tables side by side and skips every subtree that both share, so the cost follows the changes.
/// </summary>
internal sealed class RecordDiff
{
    private readonly List<uint> _changed = [];

    private RecordDiff()
    {
    }

    /// <summary>Pages compared record by record, for tests of cost.</summary>
    public long PagesVisited { get; private set; }

    /// <summary>Indexes of records that differ, ascending.</summary>
    public IReadOnlyList<uint> Changed => _changed;

    public static RecordDiff Between(in RecordRoot before, in RecordRoot after)
    {
        var diff = new RecordDiff();
        var height = Math.Max(before.Height, after.Height);
        diff.Walk(Lift(before, height), Lift(after, height), height, 0);
        return diff;
    }

    private static RecordNode Lift(in RecordRoot root, int height)
    {
        var node = root.Top;
        for (var level = root.Height; level < height; level++)
        {
            var top = new RecordNode(0);
            top.Children[0] = node;
            node = top;
        }

        return node;
    }

    private void Walk(RecordNode? before, RecordNode? after, int level, ulong firstIndex)
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }

        for (var slot = 0; slot < RecordRoot.Fan; slot++)
        {
            var index = firstIndex + ((ulong)slot << (6 * level));
            var a = before?.Children[slot];
            var b = after?.Children[slot];
            if (level > 1)
            {
                Walk((RecordNode?)a, (RecordNode?)b, level - 1, index);
            }
            else if (!ReferenceEquals(a, b))
            {
                Compare((RecordPage?)a, (RecordPage?)b, index);
            }
        }
    }

    private void Compare(RecordPage? before, RecordPage? after, ulong firstIndex)
    {
        PagesVisited++;
        for (var i = 0; i < RecordRoot.Fan; i++)
        {
            var a = before is null ? default : before.Records[i];
            var b = after is null ? default : after.Records[i];
            if (!FileRecord.Same(in a, in b))
            {
                _changed.Add((uint)firstIndex + (uint)i);
            }
        }
    }
}
