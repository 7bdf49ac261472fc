using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Backup;

/// <summary>Opens the pages file of a source for a run, and saves the state that refers to it afterwards.</summary>
internal static class ScratchPages
{
    private const long GarbageAllowedBytes = 1 << 20;

    public static async ValueTask<PageStore> OpenAsync(
        IScratch scratch, Repository repository, string sourceId, ScratchState? state, CancellationToken cancellationToken)
    {
        var name = state?.PagesFile ?? ScratchState.PagesFileOf(sourceId, 1);
        if (state is null)
        {
            // What an unknown state left behind is of no use.
            foreach (var file in await scratch.ListAsync(cancellationToken))
            {
                if (file.StartsWith(ScratchState.PagesPrefixOf(sourceId), StringComparison.Ordinal))
                {
                    await scratch.DeleteAsync(file, cancellationToken);
                }
            }
        }

        var length = await scratch.GetLengthAsync(name, cancellationToken) ?? 0;
        return new PageStore(scratch, name, length, repository);
    }

    public static async ValueTask SaveAsync(
        IScratch scratch,
        Repository repository,
        string sourceId,
        Commit commit,
        RecordState records,
        IReadOnlyDictionary<StreamKey, PageTable> tables,
        PageStore pages,
        IRandomSource random,
        CancellationToken cancellationToken)
    {
        await pages.FlushAsync(cancellationToken);
        var (store, kept) = await CompactAsync(scratch, repository, sourceId, records, tables, pages, cancellationToken);
        var state = new ScratchState(commit.Document.Sequence, commit.Hash, records, kept, store.FileName);
        await state.WriteAsync(scratch, repository, sourceId, random, cancellationToken);
        if (!ReferenceEquals(store, pages))
        {
            await scratch.DeleteAsync(pages.FileName, cancellationToken);
        }
    }

    /// <summary>Copies what is still used into a new file once more than half of the old one is not.</summary>
    private static async ValueTask<(PageStore Store, IReadOnlyDictionary<StreamKey, PageTable> Tables)> CompactAsync(
        IScratch scratch,
        Repository repository,
        string sourceId,
        RecordState records,
        IReadOnlyDictionary<StreamKey, PageTable> tables,
        PageStore pages,
        CancellationToken cancellationToken)
    {
        var usedBytes = tables.Values.Sum(table => (long)table.Count * FormatLimits.PagesPerRange * FormatLimits.FingerprintBytes);
        if (pages.LengthBytes <= (usedBytes * 2) + GarbageAllowedBytes)
        {
            return (pages, tables);
        }

        var generation = long.Parse(pages.FileName[ScratchState.PagesPrefixOf(sourceId).Length..]) + 1;
        var name = ScratchState.PagesFileOf(sourceId, generation);
        await scratch.DeleteAsync(name, cancellationToken);
        var store = new PageStore(scratch, name, 0, repository);
        var kept = new Dictionary<StreamKey, PageTable>();
        foreach (var (key, table) in tables)
        {
            var contentBytes = records.FindEntry(key.FileReference)?.FindStream(key.StreamName)?.ContentBytes ?? 0;
            kept[key] = await CopyAsync(table, contentBytes, pages, store, cancellationToken);
        }

        await store.FlushAsync(cancellationToken);
        return (store, kept);
    }

    private static async ValueTask<PageTable> CopyAsync(
        PageTable table, long contentBytes, PageStore from, PageStore to, CancellationToken cancellationToken)
    {
        var copied = new PageTable.Builder();
        foreach (var (range, offset) in table.Blocks())
        {
            var rangeBytes = Math.Min(FormatLimits.RangeBytes, contentBytes - (range * FormatLimits.RangeBytes));
            if (rangeBytes <= 0)
            {
                continue;
            }

            var block = new byte[PageHasher.PagesOf((int)rangeBytes) * FormatLimits.FingerprintBytes];
            if (await from.ReadAsync(offset, block, cancellationToken))
            {
                copied.Add(range, await to.AppendAsync(block, cancellationToken));
            }
        }

        return copied.Build();
    }
}
