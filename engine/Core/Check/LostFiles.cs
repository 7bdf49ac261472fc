using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Repositories;
using Harness.Engine.State;
using Harness.Engine.Tables;

namespace Harness.Engine.Check;

/// <summary>A file whose content is lost in some recovery points.</summary>
/// <param name="SourceName">Its data source.</param>
/// <param name="Path">Its path in the newest of them, with '/'; its file reference where that cannot be told.</param>
/// <param name="RecoveryPoints">Numbers of the recovery points that cannot give it back whole, ascending.</param>
public sealed record LostFile(string SourceName, string Path, IReadOnlyList<long> RecoveryPoints);

/// <summary>
/// Which files suffer from segments that cannot be read, and where they were. A path costs the state of a recovery point, once for all
/// files that were in it last. One logical thread.
/// </summary>
internal sealed class LostFiles(Repository repository, EngineServices services)
{
    /// <summary>More are counted by their recovery points only.</summary>
    private const int MostFiles = 100_000;

    private const int MostStates = 64;
    private const int DeepestFolder = 65_536;

    private readonly Dictionary<(int Source, ulong File), List<(long Since, long Until)>> _needs = [];

    /// <summary>Takes what an entry needs and nobody can read.</summary>
    public void Add(SegmentNeed need)
    {
        if (!_needs.TryGetValue((need.Source, need.File), out var spans))
        {
            if (_needs.Count == MostFiles)
            {
                return;
            }

            _needs[(need.Source, need.File)] = spans = [];
        }

        if (!spans.Contains((need.Since, need.Until)))
        {
            spans.Add((need.Since, need.Until));
        }
    }

    /// <summary>The files by source and path.</summary>
    public async ValueTask<IReadOnlyList<LostFile>> ResolveAsync(
        IReadOnlyList<CheckedSource> sources, CancellationToken cancellationToken)
    {
        var files = new List<LostFile>();
        var lost = _needs.Select(item => (Source: sources[item.Key.Source], item.Key.File, Points: PointsOf(sources[item.Key.Source], item.Value)))
            .Where(item => item.Points.Count > 0);
        var states = 0;
        foreach (var group in lost.GroupBy(item => (item.Source, Last: item.Points[^1])))
        {
            await using var scratch = new TemporaryScratch(services.WorkLocation, services.Random, services.WorkMemoryBytes);
            using var state = states++ < MostStates ? await TryReadAsync(group.Key.Source, group.Key.Last, scratch, cancellationToken) : null;
            foreach (var (source, file, points) in group)
            {
                var path = state is null ? null : await PathAsync(state, file, cancellationToken);
                files.Add(new LostFile(source.Name, path ?? $"file reference {file}", points));
            }
        }

        return [.. files.OrderBy(file => file.SourceName, StringComparer.Ordinal).ThenBy(file => file.Path, StringComparer.Ordinal)];
    }

    private static List<long> PointsOf(CheckedSource source, List<(long Since, long Until)> spans) =>
        [.. source.Points.Where(point => spans.Exists(span => point >= span.Since && point < span.Until))];

    private async ValueTask<SourceState?> TryReadAsync(
        CheckedSource source, long sequence, TemporaryScratch scratch, CancellationToken cancellationToken)
    {
        var log = new CommitLog(repository);
        try
        {
            var commit = await log.ReadAsync(source.Id, sequence, cancellationToken);
            return await new StateReader(repository, log, scratch, services.Random).ReadAsync(commit, cancellationToken);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
        {
            return null;
        }
    }

    private static async ValueTask<string?> PathAsync(SourceState state, ulong file, CancellationToken cancellationToken)
    {
        var names = new Stack<string>();
        for (var depth = 0; depth < DeepestFolder; depth++)
        {
            if (await state.FindEntryAsync(file, cancellationToken) is not { } entry)
            {
                return null;
            }

            if (entry.IsRoot)
            {
                return string.Join('/', names);
            }

            names.Push(entry.Name);
            file = entry.Parent;
        }

        return null;
    }
}
