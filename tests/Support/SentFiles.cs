using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Restore;
using Harness.Engine.State;
using Harness.Engine.Tables;
using Harness.Simulator.Kernel;

namespace Harness.Tests.Support;

/// <summary>
/// What a recovery point sent for each file, read from the vault and not from the engine's report: the bytes that lie in
/// segments to which the recovery point before does not refer.
/// </summary>
internal static class SentFiles
{
    /// <summary>Bytes by path, a stream as path:stream; nothing for what was not sent.</summary>
    internal static async Task<SortedDictionary<string, long>> OfAsync(
        IVault vault, Passphrase passphrase, string sourceName, long recoveryPoint)
    {
        var repository = await RepositoryOpener.OpenAsync(vault, passphrase, default);
        HashSet<Hash256> before = [];
        if (recoveryPoint > 1)
        {
            using var earlier = await StateOfAsync(repository, sourceName, recoveryPoint - 1);
            await foreach (var entry in earlier.EntriesAsync(default))
            {
                foreach (var stream in entry.Streams)
                {
                    before.UnionWith((await DataOfAsync(earlier, entry, stream)).Select(extent => extent.Segment!.Id));
                }
            }
        }

        using var state = await StateOfAsync(repository, sourceName, recoveryPoint);
        var tree = await PathTree.OfAsync(state, default);
        var sent = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await foreach (var entry in state.EntriesAsync(default))
        {
            foreach (var stream in entry.Streams)
            {
                var data = await DataOfAsync(state, entry, stream);
                var bytes = data.Where(extent => !before.Contains(extent.Segment!.Id)).Sum(extent => extent.Length);
                if (bytes > 0)
                {
                    sent.Add(tree.PathOf(entry) + (stream.Name.Length == 0 ? "" : ":" + stream.Name), bytes);
                }
            }
        }

        return sent;
    }

    /// <summary>The state of a recovery point, all of it in memory.</summary>
    internal static async Task<SourceState> StateOfAsync(Repository repository, string? sourceName, long recoveryPoint)
    {
        var (log, random) = (new CommitLog(repository), new SeededRandomSource(1));
        var reader = new StateReader(repository, log, new TemporaryScratch(null, random), random);
        return await reader.ReadAsync(await log.FindAsync(sourceName, recoveryPoint, default), default);
    }

    private static async Task<List<Extent>> DataOfAsync(SourceState state, EntryRecord entry, StreamRecord stream)
    {
        var data = new List<Extent>();
        await foreach (var extent in state.ExtentsAsync(entry, stream, default))
        {
            if (extent.Kind == ExtentKind.Data)
            {
                data.Add(extent);
            }
        }

        return data;
    }
}
