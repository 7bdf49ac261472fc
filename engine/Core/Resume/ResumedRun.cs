using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Engine.Segments;
using Harness.Engine.Tables;

namespace Harness.Engine.Resume;

/// <summary>
/// What runs that were cut off have left and is still of use: packs that are in the vault, entries whose content lies in them, and
/// pieces of files that were not read to their end. The items are in a sorted table of the scratch location, and packs that an index
/// names by now are left to the index, so memory is bounded however long the run was. One logical thread.
/// </summary>
internal sealed class ResumedRun : IDisposable
{
    private const long SorterBytes = 8 << 20;
    private const long CacheBytes = 4 << 20;

    private readonly TableSet _items;

    private ResumedRun(IReadOnlyList<IndexedPack> packs, long indexed, TableSet items)
    {
        Packs = packs;
        SentPacks = indexed + packs.Count;
        _items = items;
    }

    /// <summary>Nothing to go on from.</summary>
    public static ResumedRun None { get; } = new([], 0, TableSet.Empty);

    /// <summary>Packs that are in the vault, may be relied on, and are named by no index.</summary>
    public IReadOnlyList<IndexedPack> Packs { get; }

    /// <summary>How many packs were sent, those that an index names among them.</summary>
    public long SentPacks { get; }

    /// <summary>Reads the run log of the scratch location, and the checkpoints in the vault that a run after the same commit has left.</summary>
    public static async ValueTask<ResumedRun> OpenAsync(
        IScratch scratch,
        Repository repository,
        IRandomSource random,
        SegmentIndex index,
        ResumeSources sources,
        WriterFence fence,
        CancellationToken cancellationToken)
    {
        using var sorter = new TableSorter(scratch, repository.Keys, random, $"{sources.FilePrefix}-resume-sort-", SorterBytes);
        var packs = new Dictionary<Hash256, IndexedPack>();
        var (count, ofCheckpoints, ofLog) = (0L, 0L, 0L);
        var checkpoints = new CheckpointLog(repository);
        foreach (var name in sources.Checkpoints)
        {
            if (await checkpoints.TryReadAsync(name, cancellationToken) is not { } checkpoint
                || !checkpoint.Section.Continues(sources.Follows))
            {
                continue;
            }

            ofCheckpoints += await AddPacksAsync(checkpoint.Packs);
            foreach (var item in checkpoint.Items)
            {
                await AddAsync(item, checkpoint.Section.TakenAt);
            }
        }

        // After the checkpoints: what both have, this machine knows with its fingerprints.
        var log = new RunLogReader(scratch, repository, RunLog.FileOf(sources.FilePrefix), sources.Follows);
        await log.ReadPacksAsync(async found => ofLog += await AddPacksAsync(found), cancellationToken);
        await log.ReadItemsAsync(AddAsync, cancellationToken);
        if (sources.LooksForOrphans)
        {
            _ = await AddPacksAsync(await new OrphanPacks(repository, index).FindAsync(packs.Keys, cancellationToken));
        }

        // Both tell of the same packs, the log of those since the last checkpoint too.
        var indexed = Math.Max(ofCheckpoints, ofLog);
        if (packs.Count + indexed == 0)
        {
            return None;
        }

        var unusable = await fence.UnusablePacksAsync(cancellationToken);
        var usable = await UsableAsync(repository, [.. packs.Values.Where(pack => !unusable.Contains(pack.Hash))], cancellationToken);
        if (usable.Count + indexed == 0)
        {
            return None;
        }

        return new ResumedRun(
            usable,
            indexed,
            count == 0 ? TableSet.Empty : await SortAsync(scratch, repository, random, sources.FilePrefix, sorter, cancellationToken));

        async ValueTask<long> AddPacksAsync(IReadOnlyList<IndexedPack> found)
        {
            var named = 0;
            foreach (var pack in found)
            {
                if (await index.NamesAsync(pack.Hash, cancellationToken))
                {
                    named++;
                }
                else
                {
                    packs.TryAdd(pack.Hash, pack);
                }
            }

            return named;
        }

        ValueTask AddAsync(byte[] item, DateTimeOffset takenAt)
        {
            var payload = new WireWriter(item.Length + 10);
            payload.VarInt(takenAt.UtcTicks);
            payload.Raw(item);
            count++;
            return sorter.AddAsync(RunLogFormat.KeyOf(item).Encode(), payload.ToArray(), cancellationToken);
        }
    }

    /// <summary>The entry as an earlier attempt read it, and when its snapshot was taken.</summary>
    public async ValueTask<(KeptEntry Entry, DateTimeOffset TakenAt)?> FindAsync(ulong fileReference, CancellationToken cancellationToken)
    {
        if (_items.Tables.Count == 0
            || await _items.FindAsync(ItemKey.OfEntry(fileReference), cancellationToken) is not { } payload)
        {
            return null;
        }

        var reader = new WireReader(payload.Span);
        var takenAt = new DateTimeOffset(reader.Count(DateTime.MaxValue.Ticks), TimeSpan.Zero);
        return (RunLogFormat.DecodeEntry(ref reader), takenAt);
    }

    /// <summary>
    /// Takes over what earlier attempts have packed of a region from its beginning, as far as the file has not changed since and
    /// every segment is there.
    /// </summary>
    public async ValueTask AdoptAsync(BackupContext context, RegionBackup region, CancellationToken cancellationToken)
    {
        if (_items.Tables.Count == 0)
        {
            return;
        }

        await foreach (var record in _items.WithPrefixAsync(ItemKey.OfRegion(region.Key.Id, region.Key.Sub), cancellationToken))
        {
            var (piece, takenAt) = PieceOf(record);
            if (piece.To <= region.DoneRanges)
            {
                continue;
            }

            if (piece.From != region.DoneRanges
                || piece.Content.LengthBytes != region.LengthBytes
                || !IsOfStream(piece, region.Stream)
                || !ContentUnchanged.Since(context, region.Stream.Entry.Plan, piece.File, takenAt)
                || !await context.HasSegmentsAsync(piece.Content.Extents.Extents, cancellationToken))
            {
                return;
            }

            region.Adopt(piece);
        }
    }

    /// <summary>Whether an earlier attempt has found a stream changed, and packed some of it.</summary>
    public async ValueTask<bool> HasPieceAsync(StreamBackup stream, CancellationToken cancellationToken)
    {
        if (_items.Tables.Count > 0)
        {
            var key = RecordKey.OfRegion(stream.Entry.Plan.Entry.FileReference, stream.Id, 0);
            await foreach (var _ in _items.WithPrefixAsync(ItemKey.OfRegion(key.Id, key.Sub), cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _items.Dispose();

    private static bool IsOfStream(RegionPiece piece, StreamBackup stream) =>
        piece.File.FindStream(stream.Source.Name) is { } record && record.Id == stream.Id;

    private static (RegionPiece Piece, DateTimeOffset TakenAt) PieceOf(TableRecord record)
    {
        var reader = new WireReader(record.Payload.Span);
        var takenAt = new DateTimeOffset(reader.Count(DateTime.MaxValue.Ticks), TimeSpan.Zero);
        return (RunLogFormat.DecodePiece(ref reader), takenAt);
    }

    private static async ValueTask<IReadOnlyList<IndexedPack>> UsableAsync(
        Repository repository, List<IndexedPack> packs, CancellationToken cancellationToken)
    {
        var usable = new List<IndexedPack>();
        foreach (var pack in packs)
        {
            if (await repository.Vault.GetLengthAsync(BlobNames.Pack(pack.Hash), cancellationToken) == pack.LengthBytes)
            {
                usable.Add(pack);
            }
        }

        return usable;
    }

    private static async ValueTask<TableSet> SortAsync(
        IScratch scratch,
        Repository repository,
        IRandomSource random,
        string filePrefix,
        TableSorter sorter,
        CancellationToken cancellationToken)
    {
        try
        {
            using var writer = await TableWriter.CreateAsync(scratch, $"{filePrefix}-resume", repository.Keys, random, cancellationToken);
            for (var cursor = sorter.Sorted(); await cursor.NextAsync(cancellationToken);)
            {
                await writer.AddAsync(cursor.Current, cancellationToken);
            }

            await writer.FinishAsync(cancellationToken);
            await sorter.DeleteSpillsAsync(cancellationToken);
            return new TableSet([await Table.OpenAsync(scratch, new TableCache(CacheBytes), writer.Name, repository.Keys, cancellationToken)]);
        }
        catch (BackupException error) when (error.Code == ErrorCode.ScratchFull)
        {
            // What was sent is still not sent again; it is only read again.
            return TableSet.Empty;
        }
    }
}
