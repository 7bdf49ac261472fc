namespace Harness.Engine.Tables;

/// <summary>
/// One walk over several sorted sources. Of a key that several have, the first source's record counts: give the newest
/// first. Records that say "deleted" are handed on unless they are to be left out.
/// </summary>
internal sealed class MergedCursor(IReadOnlyList<ITableCursor> newestFirst, bool dropDeleted) : ITableCursor
{
    private readonly PriorityQueue<int, Head> _heads = new(HeadComparer.Instance);
    private readonly List<int> _toAdvance = All(newestFirst.Count);

    public TableRecord Current { get; private set; }

    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        do
        {
            foreach (var source in _toAdvance)
            {
                if (await newestFirst[source].NextAsync(cancellationToken))
                {
                    _heads.Enqueue(source, new Head(newestFirst[source].Current.Key, source));
                }
            }

            _toAdvance.Clear();
            if (!_heads.TryDequeue(out var first, out var head))
            {
                return false;
            }

            Current = newestFirst[first].Current;
            _toAdvance.Add(first);
            while (_heads.TryPeek(out var other, out var next) && next.Key.Span.SequenceEqual(head.Key.Span))
            {
                _heads.Dequeue();
                _toAdvance.Add(other);
            }
        }
        while (dropDeleted && Current.IsDeleted);
        return true;
    }

    private static List<int> All(int count)
    {
        var all = new List<int>(count);
        for (var i = 0; i < count; i++)
        {
            all.Add(i);
        }

        return all;
    }

    private readonly record struct Head(ReadOnlyMemory<byte> Key, int Source);

    private sealed class HeadComparer : IComparer<Head>
    {
        public static readonly HeadComparer Instance = new();

        public int Compare(Head x, Head y)
        {
            var order = x.Key.Span.SequenceCompareTo(y.Key.Span);
            return order != 0 ? order : x.Source.CompareTo(y.Source);
        }
    }
}
