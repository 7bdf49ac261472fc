using System.Numerics;

namespace Harness.Simulator.Volume;

/// <summary>
/// Walks two record tables side by side and skips every subtree that both share, so the cost follows the changes.
/// </summary>
internal sealed class RecordDiff
{
    private const ulong AllRecords = ulong.MaxValue;

    private static readonly FileRecord[] NoRecords = new FileRecord[RecordRoot.Fan];

    private readonly List<uint> _changed = [];

    private RecordDiff()
    {
    }

    /// <summary>Pages compared, for tests of cost.</summary>
    public long PagesVisited { get; private set; }

    /// <summary>Records compared, for tests of cost.</summary>
    public long RecordsVisited { get; private set; }

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

    private void Walk(object? before, object? after, int level, ulong firstIndex)
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }

        if (level == 0)
        {
            Compare(PageOf(before, firstIndex), PageOf(after, firstIndex), firstIndex);
            return;
        }

        for (var slot = 0; slot < RecordRoot.Fan; slot++)
        {
            Walk(Child(before, slot), Child(after, slot), level - 1, firstIndex + ((ulong)slot << (6 * level)));
        }
    }

    /// <summary>What a slot holds; a generated tree stands for all of its slots.</summary>
    private static object? Child(object? node, int slot) => node is RecordNode inner ? inner.Children[slot] : node;

    private static RecordPage? PageOf(object? node, ulong firstIndex) =>
        node is GeneratedTree tree ? tree.Page((uint)(firstIndex / RecordRoot.Fan)) : (RecordPage?)node;

    private void Compare(RecordPage? before, RecordPage? after, ulong firstIndex)
    {
        PagesVisited++;
        var old = before?.Records ?? NoRecords;
        var now = after?.Records ?? NoRecords;
        for (var records = MayDiffer(before, after); records != 0; records &= records - 1)
        {
            var slot = BitOperations.TrailingZeroCount(records);
            RecordsVisited++;
            if (!FileRecord.Same(in old[slot], in now[slot]))
            {
                _changed.Add((uint)firstIndex + (uint)slot);
            }
        }
    }

    /// <summary>Of a page and the copy that follows it, only the records that were touched since.</summary>
    private static ulong MayDiffer(RecordPage? before, RecordPage? after) =>
        after is not null && after.BaseEpoch == (before?.Epoch ?? RecordPage.NoEpoch) ? after.Touched
        : before is not null && before.BaseEpoch == (after?.Epoch ?? RecordPage.NoEpoch) ? before.Touched
        : AllRecords;
}
