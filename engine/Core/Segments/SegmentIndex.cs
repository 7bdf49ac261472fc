using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Tables;

namespace Harness.Engine.Segments;

/// <summary>Where a segment lies: its pack and its place there.</summary>
internal readonly record struct SegmentLocation(PackInfo Pack, SegmentRecord Record);

/// <summary>
/// All segments of a vault by id, in sorted tables of a scratch location. Nothing is read before the first look-up; that one
/// lists the index blobs of the vault and takes in those that are new, or all when one that was taken in is gone and with it a pack:
/// then a prune has removed that. A look-up reads a block or two; once look-ups have cost as much as the filter is long (1.25 bytes a segment),
/// the filter is read and answers for most segments that are not there. Tables that are damaged are made anew. Packs that a
/// prune has condemned or a repair found damaged are still read from, but no writer may rely on them. A reader passes over index
/// blobs that are damaged: it finds their packs otherwise. One logical thread.
/// </summary>
internal sealed class SegmentIndex(
    Repository repository,
    IScratch scratch,
    IRandomSource random,
    Func<CancellationToken, ValueTask<IReadOnlySet<Hash256>>>? unusablePacks = null,
    bool passesOverDamage = false) : IDisposable
{
    private const int Tries = 8;
    private const int MostPacks = 16_384;

    private readonly IndexReader _reader = new(repository);
    private readonly Dictionary<UInt128, PackInfo> _packs = [];
    private SegmentTables? _tables;
    private TableSet _set = TableSet.Empty;
    private IReadOnlySet<Hash256>? _unusable;
    private bool _isCurrent;
    private long _lookupBytes;

    /// <summary>What is known from memory of segments that are not there; null while it has not been worth reading.</summary>
    public SegmentFilter? Filter { get; private set; }

    /// <summary>The index blobs of the vault as they were listed last; none before the first look-up.</summary>
    public IReadOnlyList<(Hash256 Blob, long LengthBytes)> Listed { get; private set; } = [];

    /// <summary>Whether a writer may rely on a segment: one that lies in unusable packs alone is as if not there.</summary>
    public async ValueTask<bool> ContainsAsync(Hash256 id, CancellationToken cancellationToken)
    {
        if (Filter is null)
        {
            await EnsureCurrentAsync(cancellationToken);
            if (_lookupBytes >= _tables!.FilterBytes)
            {
                Filter = await RetryAsync(static (index, _, token) => index._tables!.ReadFilterAsync(token), id, cancellationToken);
            }
        }

        if (Filter?.MayContain(id) == false)
        {
            return false;
        }

        _lookupBytes += TableFormat.BlockBytes;
        foreach (var place in await PlacesAsync(id, cancellationToken))
        {
            if (_unusable?.Contains(place.Pack.Hash) != true)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A place of a segment, or null.</summary>
    public async ValueTask<SegmentLocation?> FindAsync(Hash256 id, CancellationToken cancellationToken) =>
        await PlacesAsync(id, cancellationToken) is [var first, ..] ? first : null;

    /// <summary>Every place of a segment, by pack; mostly one.</summary>
    public async ValueTask<IReadOnlyList<SegmentLocation>> PlacesAsync(Hash256 id, CancellationToken cancellationToken)
    {
        await EnsureCurrentAsync(cancellationToken);
        return await RetryAsync(static (index, id, token) => index.ReadPlacesAsync(id, token), id, cancellationToken);
    }

    /// <summary>
    /// Takes in an index blob that this run has written. That saves the next one from reading it: trouble with the scratch
    /// location must not fail a run here, so it is left to the next look-up.
    /// </summary>
    public async ValueTask AddAsync(Hash256 blob, IReadOnlyList<IndexedPack> packs, CancellationToken cancellationToken)
    {
        try
        {
            await OpenAsync(cancellationToken);
            await _tables!.AddAsync(new[] { (blob, packs) }.ToAsyncEnumerable(), cancellationToken);
        }
        catch (Exception error) when (error is TableDamagedException or BackupException)
        {
            _tables!.Reset();
            _isCurrent = false;
        }

        Renew();
    }

    /// <summary>Whether an index blob names a pack.</summary>
    public async ValueTask<bool> NamesAsync(Hash256 pack, CancellationToken cancellationToken)
    {
        await EnsureCurrentAsync(cancellationToken);
        return await RetryAsync(
            static async (index, pack, token) => await index._set.FindAsync(SegmentKeys.OfPack(pack), token) is not null,
            pack,
            cancellationToken);
    }

    /// <summary>The next look-up lists the index blobs again: others may have been written since.</summary>
    public void LookAgain() => _isCurrent = false;

    /// <summary>Every record of the tables but their filters, ascending: (segment, pack) first.</summary>
    public async ValueTask<ITableCursor> ScanAsync(CancellationToken cancellationToken)
    {
        await EnsureCurrentAsync(cancellationToken);
        return _set.Scan(default);
    }

    public void Dispose() => _tables?.Dispose();

    private async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (_tables is null)
        {
            _tables = new SegmentTables(scratch, repository, random);
            await _tables.OpenAsync(cancellationToken);
            _set = _tables.Set;
        }
    }

    private async ValueTask EnsureCurrentAsync(CancellationToken cancellationToken)
    {
        if (_isCurrent)
        {
            return;
        }

        if (unusablePacks is not null)
        {
            // Before the first index blob is read (FORMAT.md section 13).
            _unusable ??= await unusablePacks(cancellationToken);
        }

        await OpenAsync(cancellationToken);
        for (var left = Tries; ; left--)
        {
            try
            {
                await CatchUpAsync(cancellationToken);
                _isCurrent = true;
                return;
            }
            catch (BackupException error) when (error.Code == ErrorCode.VaultBlobMissing && left > 0)
            {
                // A prune removed it since it was listed; what takes its place was there before.
            }
            catch (TableDamagedException) when (left > 0)
            {
                _tables!.Reset();
                Renew();
            }
        }
    }

    private async ValueTask CatchUpAsync(CancellationToken cancellationToken)
    {
        var all = new List<(Hash256 Blob, long LengthBytes)>();
        var missing = new List<Hash256>();
        var removed = new HashSet<Hash256>();
        var known = _set.Scan(SegmentKeys.OfSpace(SegmentKeys.Blobs));
        var atBlob = await IsAtBlobAsync();
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Indexes, cancellationToken))
        {
            var hash = IndexReader.HashOf(item.Name);
            all.Add((hash, item.LengthBytes));
            while (atBlob && SegmentKeys.Hash(known.Current.Key.Span) < hash)
            {
                removed.Add(SegmentKeys.Hash(known.Current.Key.Span));
                atBlob = await IsAtBlobAsync();
            }

            if (atBlob && SegmentKeys.Hash(known.Current.Key.Span) == hash)
            {
                atBlob = await IsAtBlobAsync();
            }
            else
            {
                missing.Add(hash);
            }
        }

        for (; atBlob; atBlob = await IsAtBlobAsync())
        {
            removed.Add(SegmentKeys.Hash(known.Current.Key.Span));
        }

        if (missing.Count > 0)
        {
            await _tables!.AddAsync(ReadAsync(missing, cancellationToken), cancellationToken);
        }

        if (removed.Count > 0 && !await _tables!.TryForgetAsync(removed, cancellationToken))
        {
            _tables.Reset();
            await _tables.AddAsync(ReadAsync(all.ConvertAll(item => item.Blob), cancellationToken), cancellationToken);
        }

        Listed = all;
        Renew();

        async ValueTask<bool> IsAtBlobAsync() =>
            await known.NextAsync(cancellationToken) && known.Current.Key.Span[0] == SegmentKeys.Blobs;
    }

    private async IAsyncEnumerable<(Hash256 Blob, IReadOnlyList<IndexedPack> Packs)> ReadAsync(
        List<Hash256> blobs, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var blob in blobs)
        {
            if (await ReadAsync(blob, cancellationToken) is { } packs)
            {
                yield return (blob, packs);
            }
        }
    }

    private async ValueTask<IReadOnlyList<IndexedPack>?> ReadAsync(Hash256 blob, CancellationToken cancellationToken)
    {
        try
        {
            return await _reader.ReadAsync(BlobNames.Index(blob), cancellationToken);
        }
        catch (BackupException error) when (passesOverDamage && error.Code == ErrorCode.VaultBlobDamaged)
        {
            return null;
        }
    }

    private async ValueTask<IReadOnlyList<SegmentLocation>> ReadPlacesAsync(Hash256 id, CancellationToken cancellationToken)
    {
        List<SegmentLocation>? places = null;
        var prefix = SegmentKeys.OfSegment(id);
        foreach (var table in _set.Tables)
        {
            var cursor = table.Scan(prefix);
            while (await cursor.NextAsync(cancellationToken) && cursor.Current.Key.Span.StartsWith(prefix))
            {
                var pack = await PackAsync(cursor.Current.Key, cancellationToken);
                if (places?.Exists(place => place.Pack.Hash == pack.Hash) != true)
                {
                    (places ??= []).Add(new SegmentLocation(pack, SegmentKeys.DecodePlace(id, cursor.Current.Payload.Span)));
                }
            }
        }

        return places ?? (IReadOnlyList<SegmentLocation>)[];
    }

    private async ValueTask<PackInfo> PackAsync(ReadOnlyMemory<byte> place, CancellationToken cancellationToken)
    {
        var number = SegmentKeys.PackNumber(place.Span);
        if (_packs.TryGetValue(number, out var known))
        {
            return known;
        }

        var payload = await _set.FindAsync(SegmentKeys.PackOf(place.Span), cancellationToken)
            ?? throw new TableDamagedException("segments", "it names a pack that it does not have");
        var pack = SegmentKeys.DecodePack(payload.Span);
        if (_packs.Count == MostPacks)
        {
            _packs.Clear();
        }

        _packs.Add(number, pack);
        return pack;
    }

    /// <summary>Does something with the tables; when they turn out to be damaged, once more with new ones.</summary>
    private async ValueTask<T> RetryAsync<T>(
        Func<SegmentIndex, Hash256, CancellationToken, ValueTask<T>> read, Hash256 id, CancellationToken cancellationToken)
    {
        try
        {
            return await read(this, id, cancellationToken);
        }
        catch (TableDamagedException)
        {
            _tables!.Reset();
            _isCurrent = false;
            Renew();
            await EnsureCurrentAsync(cancellationToken);
            return await read(this, id, cancellationToken);
        }
    }

    private void Renew()
    {
        _set = _tables!.Set;
        _packs.Clear();
        Filter = null;
        _lookupBytes = 0;
    }
}
