using Harness.Engine.Errors;
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

    /// <summary>Numbers whose commit is damaged or gone, with what is wrong, as far as one was read.</summary>
    public SortedDictionary<long, BackupException> Damaged { get; } = [];

    /// <summary>
    /// The points of the numbers given, ascending, and the name of their source: its id where no commit can be read. What cannot be
    /// read is left out and in <see cref="Damaged"/>.
    /// </summary>
    public async ValueTask<(string SourceName, IReadOnlyList<KnownPoint> Points)> ReadAsync(
        string sourceId, IReadOnlyList<long> sequences, CancellationToken cancellationToken)
    {
        Commit? newest = null;
        for (var i = sequences.Count - 1; i >= 0 && newest is null; i--)
        {
            newest = await TryReadAsync(sourceId, sequences[i], cancellationToken);
        }

        if (newest is null)
        {
            return (sourceId, []);
        }

        var name = newest.Document.Source;
        var memory = scratchOf?.Invoke(name) is { } scratch ? new KnownPoints(scratch, repository, random, sourceId) : null;
        var remembered = memory is null ? [] : await memory.ReadAsync(cancellationToken);
        var unknown = sequences.Where(sequence => sequence < newest.Document.Sequence && !remembered.ContainsKey(sequence)).ToList();
        var read = await FetchAsync(sourceId, unknown, cancellationToken);
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
                var isUnread = wanted.Contains(sequence) && !Damaged.ContainsKey(sequence);
                point = isUnread && await TryReadAsync(sourceId, sequence, cancellationToken) is { } commit ? KnownPoint.Of(commit) : null;
            }

            above = point;
            if (point is not null && wanted.Contains(sequence))
            {
                points.Push(point);
            }
        }

        return [.. points];
    }

    private async ValueTask<Dictionary<long, KnownPoint>> FetchAsync(
        string sourceId, IReadOnlyList<long> sequences, CancellationToken cancellationToken)
    {
        var points = new Dictionary<long, KnownPoint>();
        var underWay = new Queue<Task<Commit?>>();
        try
        {
            foreach (var sequence in sequences)
            {
                if (underWay.Count == ReadsAtOnce)
                {
                    Add(await underWay.Dequeue());
                }

                underWay.Enqueue(TryReadAsync(sourceId, sequence, cancellationToken).AsTask());
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

        void Add(Commit? commit)
        {
            if (commit is not null)
            {
                points[commit.Document.Sequence] = KnownPoint.Of(commit);
            }
        }
    }

    private async ValueTask<Commit?> TryReadAsync(string sourceId, long sequence, CancellationToken cancellationToken)
    {
        try
        {
            return await _log.ReadAsync(sourceId, sequence, cancellationToken);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
        {
            Damaged[sequence] = error;
            return null;
        }
    }
}
