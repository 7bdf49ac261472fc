using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Restore;

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
        var log = new CommitLog(repository);
        var reader = new StateReader(repository, log);
        var state = await reader.ReadAsync(await log.FindAsync(sourceName, recoveryPoint, default), default);
        var before = recoveryPoint == 1
            ? []
            : SegmentsOf(await reader.ReadAsync(await log.FindAsync(sourceName, recoveryPoint - 1, default), default));
        var tree = PathTree.Of(state);
        var sent = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var entry in state.Entries())
        {
            foreach (var stream in entry.Streams)
            {
                var bytes = DataOf(state, entry, stream).Where(extent => !before.Contains(extent.Segment!.Id)).Sum(extent => extent.Length);
                if (bytes > 0)
                {
                    sent.Add(tree.PathOf(entry) + (stream.Name.Length == 0 ? "" : ":" + stream.Name), bytes);
                }
            }
        }

        return sent;
    }

    private static HashSet<Hash256> SegmentsOf(RecordState state) =>
        [.. state.Entries().SelectMany(entry => entry.Streams.SelectMany(stream => DataOf(state, entry, stream))).Select(extent => extent.Segment!.Id)];

    private static IEnumerable<Extent> DataOf(RecordState state, EntryRecord entry, StreamRecord stream) =>
        state.ExtentsOf(entry, stream).Where(extent => extent.Kind == ExtentKind.Data);
}
