using Harness.Engine.Errors;
using Harness.Engine.Repositories;
using Harness.Engine.Retention;

namespace Harness.Engine.Prune;

/// <summary>Which recovery points of one source live, which are gone, and which commits the living rest on.</summary>
internal sealed class SourceSurvey
{
    public required string SourceId { get; init; }

    /// <summary>Commits in the vault, ascending.</summary>
    public required IReadOnlyList<long> Present { get; init; }

    /// <summary>Numbers that can be restored, or undeleted, ascending.</summary>
    public required IReadOnlyList<long> Living { get; init; }

    /// <summary>Numbers that cannot be restored any more, whether their commits are there or not.</summary>
    public required IReadOnlySet<long> Gone { get; init; }

    /// <summary>Markers of its recovery points.</summary>
    public required SourceMarkers Markers { get; init; }

    /// <summary>Commits that a living recovery point consists of, ascending.</summary>
    public required IReadOnlyList<Commit> Needed { get; init; }

    /// <summary>Whether a living recovery point has a number of at least one and less than the other.</summary>
    public bool LivesIn(long since, long until)
    {
        int low = 0, high = Living.Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            (low, high) = Living[middle] < since ? (middle + 1, high) : (low, middle);
        }

        return low < Living.Count && Living[low] < until;
    }

    /// <summary>Surveys one source.</summary>
    /// <param name="repository">The vault.</param>
    /// <param name="gc">The newest gc document.</param>
    /// <param name="sourceId">The source.</param>
    /// <param name="present">Its commits, ascending; not empty.</param>
    /// <param name="markers">Its markers.</param>
    /// <param name="now">Decides which markers are old enough.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<SourceSurvey> OfAsync(
        Repository repository,
        GcDocument gc,
        string sourceId,
        IReadOnlyList<long> present,
        SourceMarkers markers,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var gone = gc.Gone.TryGetValue(sourceId, out var ranges)
            ? ranges.SelectMany(range => Enumerable.Range(0, (int)(range[1] - range[0] + 1)).Select(i => range[0] + i)).ToHashSet()
            : [];
        var there = present.ToHashSet();

        // A marker says so when one that is listed as gone was undeleted in time; a marker that is lost says nothing.
        gone.RemoveWhere(sequence => there.Contains(sequence) && markers.IsUndeleted(sequence));
        var deleted = new DeletedLog(repository);
        foreach (var sequence in markers.Forgotten.Where(sequence => there.Contains(sequence) && !gone.Contains(sequence)))
        {
            if (sequence != present[^1] && await deleted.IsOverAsync(sourceId, sequence, markers, now, cancellationToken))
            {
                gone.Add(sequence);
            }
        }

        // The newest is what the next one follows, so it lives whatever is said of it.
        gone.Remove(present[^1]);
        List<long> living = [.. present.Where(sequence => !gone.Contains(sequence))];
        return new SourceSurvey
        {
            SourceId = sourceId,
            Present = present,
            Living = living,
            Gone = gone,
            Markers = markers,
            Needed = await NeededAsync(new CommitLog(repository), sourceId, living, cancellationToken),
        };
    }

    private static async ValueTask<IReadOnlyList<Commit>> NeededAsync(
        CommitLog log, string sourceId, List<long> living, CancellationToken cancellationToken)
    {
        var needed = new Stack<Commit>();
        foreach (var sequence in living.AsEnumerable().Reverse())
        {
            if (needed.TryPeek(out var last) && last.Document.Sequence <= sequence)
            {
                continue;
            }

            // A commit follows the one after it in the chain, or is the newest of a chain of its own.
            needed.Push(last is not null && last.Document.Sequence == sequence + 1
                ? await log.ReadParentAsync(last, cancellationToken)
                : await log.ReadAsync(sourceId, sequence, cancellationToken));
            for (var start = needed.Peek().Document.ChainStart; needed.Peek().Document.Sequence > start;)
            {
                needed.Push(await log.ReadParentAsync(needed.Peek(), cancellationToken));
            }

            Invariant.Require(needed.Peek().Document.Checkpoint);
        }

        return [.. needed];
    }
}
