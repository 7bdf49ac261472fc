using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.RecoveryPoints;

/// <summary>
/// The recovery points of a source without reading every commit: the newest is read, and it names the one before it by hash,
/// so what the scratch location remembers of that one is known to be what the vault holds, and so on down. Logical thread only.
/// </summary>
internal sealed class PointList(Repository repository, IRandomSource random, Func<string, IScratch?>? scratchOf)
{
    private const int ReadsAtOnce = 8;

    private readonly CommitLog _log = new(repository);

    /// <summary>The points of the numbers given, ascending, and the name of their source.</summary>
    public async ValueTask<(string SourceName, IReadOnlyList<KnownPoint> Points)> ReadAsync(
        string sourceId, IReadOnlyList<long> sequences, CancellationToken cancellationToken)
    {
        var newest = await _log.ReadAsync(sourceId, sequences[^1], cancellationToken);
        var name = newest.Document.Source;
        var memory = scratchOf?.Invoke(name) is { } scratch ? new KnownPoints(scratch, repository, random, sourceId) : null;
        var remembered = memory is null ? [] : await memory.ReadAsync(cancellationToken);
        var read = await FetchAsync(sourceId, [.. sequences.SkipLast(1).Where(sequence => !remembered.ContainsKey(sequence))], cancellationToken);
        read[newest.Document.Sequence] = KnownPoint.Of(newest);

        var points = await ChainAsync(sourceId, sequences, read, remembered, cancellationToken);
        if (memory is not null)
        {
            var added = points.Where(point => !remembered.TryGetValue(point.Sequence, out var before) || before.Hash != point.Hash).ToList();
            added.ForEach(point => remembered[point.Sequence] = point);
            await memory.AddAsync(added, remembered, cancellationToken);
        }

        return (name, points);
    }

    /// <summary>Goes down from the newest: a remembered point counts when the one above it names it.</summary>
    private async ValueTask<IReadOnlyList<KnownPoint>> ChainAsync(
        string sourceId,
        IReadOnlyList<long> sequences,
        Dictionary<long, KnownPoint> read,
        Dictionary<long, KnownPoint> remembered,
        CancellationToken cancellationToken)
    {
        var wanted = sequences.ToHashSet();
        var points = new Stack<KnownPoint>();
        KnownPoint? above = null;
        foreach (var sequence in wanted.Union(remembered.Keys).Where(sequence => sequence <= sequences[^1]).OrderDescending())
        {
            if (!read.TryGetValue(sequence, out var point)
                && !(remembered.TryGetValue(sequence, out point) && above?.Sequence == sequence + 1 && above.Parent == point.Hash))
            {
                point = wanted.Contains(sequence) ? KnownPoint.Of(await _log.ReadAsync(sourceId, sequence, cancellationToken)) : null;
            }

            above = point;
            if (wanted.Contains(sequence))
            {
                read.TryAdd(sequence, point!);
                points.Push(point!);
            }
        }

        return [.. points];
    }

    private async ValueTask<Dictionary<long, KnownPoint>> FetchAsync(
        string sourceId, IReadOnlyList<long> sequences, CancellationToken cancellationToken)
    {
        var points = new Dictionary<long, KnownPoint>();
        var underWay = new Queue<Task<Commit>>();
        try
        {
            foreach (var sequence in sequences)
            {
                if (underWay.Count == ReadsAtOnce)
                {
                    Add(await underWay.Dequeue());
                }

                underWay.Enqueue(_log.ReadAsync(sourceId, sequence, cancellationToken).AsTask());
            }

            while (underWay.TryDequeue(out var commit))
            {
                Add(await commit);
            }
        }
        finally
        {
            // What is under way ends before an error goes on.
            while (underWay.TryDequeue(out var commit))
            {
                await ((Task)commit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }

        return points;

        void Add(Commit commit) => points[commit.Document.Sequence] = KnownPoint.Of(commit);
    }
}
