using Harness.Engine.Prune;
using Harness.Engine.Repositories;

namespace Harness.Engine.Check;

/// <summary>One source while it is checked.</summary>
internal sealed class CheckedSource(int number, string id, SourceHistory history, TreeCheck tree) : IDisposable
{
    public int Number { get; } = number;

    public string Id { get; } = id;

    public string Name { get; set; } = id;

    public SourceHistory History { get; } = history;

    public TreeCheck Tree { get; set; } = tree;

    public Commit? Before { get; set; }

    /// <summary>Numbers whose commit cannot be read; who they belong to another commit tells.</summary>
    public List<long> Unreadable { get; } = [];

    /// <summary>An index that a commit names and that is not there, by the commit's number.</summary>
    public Dictionary<long, string> MissingIndexes { get; } = [];

    /// <summary>Recovery points of which nothing can be restored: their commit, or a manifest, cannot be read.</summary>
    public List<long> Lost { get; } = [];

    /// <summary>Numbers of recovery points that can be restored, ascending, as far as checked.</summary>
    public List<long> Points { get; } = [];

    public string Label(long sequence) => $"{Name}#{sequence}";

    /// <summary>The first of <see cref="Points"/> from one number to before another; null when there is none.</summary>
    public int? FirstIn(long since, long until)
    {
        var first = Points.BinarySearch(since);
        first = first < 0 ? ~first : first;
        return first < Points.Count && Points[first] < until ? first : null;
    }

    public void Dispose() => Tree.Dispose();
}
