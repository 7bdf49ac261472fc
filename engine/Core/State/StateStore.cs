using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Resume;
using Harness.Engine.Tables;

namespace Harness.Engine.State;

/// <summary>
/// The state of one source in the scratch location: opens it, brings it up to date from the vault, and takes the changes of
/// a run. Files are written under new names and counted only when the head names them, so a crash at any moment leaves the
/// state of some recovery point. One logical thread.
/// </summary>
internal sealed class StateStore : IDisposable
{
    private const long CacheBytes = 16 << 20;
    private const long SorterBytes = 16 << 20;
    private const long GarbageAllowedBytes = 1 << 20;

    private readonly IScratch _scratch;
    private readonly Repository _repository;
    private readonly string _sourceId;
    private readonly IRandomSource _random;
    private readonly TableCache _cache = new(CacheBytes);
    private readonly List<Table> _tables = [];
    private readonly List<Table> _retired = [];
    private long _number = 1;
    private long _fingerprintBytes;

    private StateStore(IScratch scratch, Repository repository, string sourceId, IRandomSource random)
    {
        _scratch = scratch;
        _repository = repository;
        _sourceId = sourceId;
        _random = random;
        Pages = new PageStore(scratch, NewName("pages"), 0, repository);
        State = SourceState.Empty;
    }

    /// <summary>The recovery point that the state is of; null when there is none.</summary>
    public (long Sequence, Hash256 CommitHash)? Of { get; private set; }

    public SourceState State { get; private set; }

    public PageStore Pages { get; private set; }

    /// <summary>Whether the run before this one began and did not come to its end.</summary>
    public bool WasCutOff { get; private set; }

    /// <summary>Says that the run before this one did not come to its end, as the vault tells.</summary>
    public void NoteCutOff() => WasCutOff = true;

    /// <summary>Opens what the scratch location has; an empty state when that cannot be used.</summary>
    public static async ValueTask<StateStore> OpenAsync(
        IScratch scratch, Repository repository, string sourceId, IRandomSource random, CancellationToken cancellationToken)
    {
        var store = new StateStore(scratch, repository, sourceId, random);
        var head = await StateHead.TryReadAsync(scratch, repository, sourceId, cancellationToken);
        if (head is not null)
        {
            store._number = head.NextNumber;
            await store.OpenAsync(head, cancellationToken);
        }

        store.WasCutOff = await scratch.GetLengthAsync(RunLog.FileOf(sourceId), cancellationToken) is not null;
        return store;
    }

    /// <summary>Tidies up before a run. What runs that were cut off have noted and fingerprinted stays until one ends well.</summary>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        await DeleteStrayFilesAsync(cancellationToken);
        if (Of is null)
        {
            var length = await _scratch.GetLengthAsync(Pages.FileName, cancellationToken) ?? 0;
            Pages = new PageStore(_scratch, Pages.FileName, length, _repository);
        }
    }

    /// <summary>Deletes files of this source that no head names, but not the log of a run.</summary>
    private async ValueTask DeleteStrayFilesAsync(CancellationToken cancellationToken)
    {
        var kept = _tables.Select(table => table.Name).Append(Pages.FileName).Append(StateHead.FileOf(_sourceId))
            .Append(RunLog.FileOf(_sourceId)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in await _scratch.ListAsync(cancellationToken))
        {
            if (file.StartsWith(_sourceId + "-", StringComparison.Ordinal) && !kept.Contains(file))
            {
                await _scratch.DeleteAsync(file, cancellationToken);
            }
        }
    }

    /// <summary>Makes the scratch location forget the state, for good.</summary>
    public ValueTask ForgetAsync(CancellationToken cancellationToken) =>
        StateHead.DeleteAsync(_scratch, _sourceId, cancellationToken);

    /// <summary>Forgets the state: it is of another history.</summary>
    public void Reset()
    {
        Retire(_tables);
        _tables.Clear();
        State = SourceState.Empty;
        Pages = new PageStore(_scratch, NewName("pages"), 0, _repository);
        _fingerprintBytes = 0;
        Of = null;
    }

    /// <summary>Begins to collect changes over the present state.</summary>
    public PendingState Begin(CancellationToken cancellationToken)
    {
        var sorter = new TableSorter(_scratch, _repository.Keys, _random, $"{_sourceId}-sort-{_number++}-", SorterBytes);
        return new PendingState(sorter, new StateChanges(State, sorter, cancellationToken));
    }

    /// <summary>Writes changes as the newest table. The scratch location still says the old state until <see cref="SaveAsync"/>.</summary>
    public async ValueTask ApplyAsync(PendingState pending, CancellationToken cancellationToken)
    {
        var name = NewName("table");
        using (var writer = await TableWriter.CreateAsync(_scratch, name, _repository.Keys, _random, cancellationToken))
        {
            await pending.Changes.WriteTableAsync(writer);
            if (writer.Records == 0)
            {
                return;
            }

            await writer.FinishAsync(cancellationToken);
        }

        _tables.Insert(0, await Table.OpenAsync(_scratch, _cache, name, _repository.Keys, cancellationToken));
        _fingerprintBytes += pending.Changes.FingerprintBytes;
        State = new SourceState(new TableSet([.. _tables]));
    }

    /// <summary>Makes the present state the one of a recovery point, and tidies up.</summary>
    public async ValueTask SaveAsync(Commit commit, CancellationToken cancellationToken)
    {
        await Pages.FlushAsync(cancellationToken);
        await CompactPagesAsync(cancellationToken);
        await MergeAsync(cancellationToken);
        Of = (commit.Document.Sequence, commit.Hash);
        var head = new StateHead(
            commit.Document.Sequence,
            commit.Hash,
            _number,
            [.. _tables.Select(table => new StateTable(table.Name, table.Salt))],
            Pages.FileName,
            _fingerprintBytes);
        await head.WriteAsync(_scratch, _repository, _sourceId, _random, cancellationToken);
        await DeleteStrayFilesAsync(cancellationToken);
    }

    /// <summary>
    /// Forgets the run, once nothing of it is left in the vault but its recovery point: as long as its log is there, the next run
    /// clears away what it has left.
    /// </summary>
    public ValueTask EndRunAsync(CancellationToken cancellationToken) => _scratch.DeleteAsync(RunLog.FileOf(_sourceId), cancellationToken);

    public void Dispose()
    {
        foreach (var table in _tables.Concat(_retired))
        {
            table.Dispose();
        }
    }

    private async ValueTask OpenAsync(StateHead head, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (name, salt) in head.Tables)
            {
                _tables.Add(await Table.OpenAsync(_scratch, _cache, name, _repository.Keys, cancellationToken));
                if (_tables[^1].Salt != salt)
                {
                    throw new TableDamagedException(name, "it is of another time");
                }
            }
        }
        catch (TableDamagedException)
        {
            Reset();
            return;
        }

        var length = await _scratch.GetLengthAsync(head.PagesFile, cancellationToken) ?? 0;
        Pages = new PageStore(_scratch, head.PagesFile, length, _repository);
        State = new SourceState(new TableSet([.. _tables]));
        Of = (head.Sequence, head.CommitHash);
        _fingerprintBytes = head.FingerprintBytes;
    }

    /// <summary>
    /// Merges the newest tables until each is less than half of the one below: so few tables are looked into, and a record is
    /// rewritten a logarithmic number of times.
    /// </summary>
    private async ValueTask MergeAsync(CancellationToken cancellationToken)
    {
        var count = 1;
        var bytes = _tables.Count == 0 ? 0 : _tables[0].RecordBytes;
        while (count < _tables.Count && _tables[count].RecordBytes < bytes * 2)
        {
            bytes += _tables[count++].RecordBytes;
        }

        if (count > 1)
        {
            await ReplaceAsync(count, static cursor => cursor, cancellationToken);
        }
    }

    private async ValueTask ReplaceAsync(
        int count, Func<ITableCursor, ITableCursor> change, CancellationToken cancellationToken)
    {
        var isWhole = count == _tables.Count;
        var merged = change(new MergedCursor([.. _tables.Take(count).Select(table => table.Scan(default))], dropDeleted: isWhole));
        var name = NewName("table");
        using (var writer = await TableWriter.CreateAsync(_scratch, name, _repository.Keys, _random, cancellationToken))
        {
            while (await merged.NextAsync(cancellationToken))
            {
                await writer.AddAsync(merged.Current, cancellationToken);
            }

            await writer.FinishAsync(cancellationToken);
        }

        Retire(_tables.Take(count));
        _tables.RemoveRange(0, count);
        _tables.Insert(0, await Table.OpenAsync(_scratch, _cache, name, _repository.Keys, cancellationToken));
        State = new SourceState(new TableSet([.. _tables]));
    }

    /// <summary>Copies the fingerprints still in use into a new file once more than half of the old one is not.</summary>
    private async ValueTask CompactPagesAsync(CancellationToken cancellationToken)
    {
        Invariant.Require(_fingerprintBytes >= 0);
        if (Pages.LengthBytes <= (_fingerprintBytes * 2) + GarbageAllowedBytes)
        {
            return;
        }

        var target = new PageStore(_scratch, NewName("pages"), 0, _repository);
        await _scratch.DeleteAsync(target.FileName, cancellationToken);
        var source = Pages;
        if (_tables.Count > 0)
        {
            await ReplaceAsync(_tables.Count, cursor => new PageCopy(cursor, source, target), cancellationToken);
        }

        await target.FlushAsync(cancellationToken);
        Pages = target;
    }

    private void Retire(IEnumerable<Table> tables) => _retired.AddRange(tables);

    private string NewName(string kind) => $"{_sourceId}-{kind}-{_number++}";
}

/// <summary>Changes under way, and what sorts them.</summary>
internal sealed record PendingState(TableSorter Sorter, StateChanges Changes) : IDisposable
{
    public void Dispose() => Sorter.Dispose();
}
