using System.Runtime.CompilerServices;
using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Segments;
using Harness.Engine.State;

namespace Harness.Engine.Restore;

/// <summary>
/// Writes the entries of one recovery point: directories first, then files in the order of their data in the vault, then the
/// metadata of directories from the deepest up. Segments are fetched and decoded ahead while files are written. Logical
/// thread only.
/// </summary>
internal sealed class RestoreRun(
    EngineServices services,
    RestoreRequest request,
    Repository repository,
    SegmentIndex index,
    SourceState state,
    bool heldAnything)
{
    private readonly ReusePlanner _reuse = new(services, repository.Keys, state, request.Target);
    private readonly HeldFiles _held = new(services, repository.Keys, state, request.Target);
    private readonly TargetNames _names = new(request.Target, request.OnCollision);
    private readonly RestoreTally _tally = new();

    /// <summary>Files of several names: where the first was restored; null while it is on its way.</summary>
    private readonly Dictionary<ulong, string?> _linked = [];

    /// <summary>Directories that could not be made, with the trouble: nothing below them can be written.</summary>
    private readonly Dictionary<string, (string Reason, string Message)> _missing = new(StringComparer.Ordinal);

    public async ValueTask RunAsync(
        RestoreSelection selection, List<RestoreItem> directories, RestoreOrder order, CancellationToken cancellationToken)
    {
        _tally.Failed.AddRange(selection.Refused);
        await MakeDirectoriesAsync(directories, cancellationToken);
        await using var feed = new SegmentFeed(
            repository, index, services.Work, StepsAsync(order, cancellationToken).GetAsyncEnumerator(cancellationToken));
        var writer = new FileRestorer(request.Target, state, _reuse, feed, _tally);
        await RestoreFilesAsync(order.TotalBytes, feed, writer, cancellationToken);
        foreach (var link in order.Links)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await RestoreLinkAsync(link, cancellationToken);
        }

        for (var i = directories.Count - 1; i >= 0; i--)
        {
            if (!_missing.ContainsKey(directories[i].Path))
            {
                await FinishDirectoryAsync(directories[i], writer, cancellationToken);
            }
        }
    }

    public async ValueTask<RestoreReport> ReportAsync(
        Commit commit, PathTree tree, VaultTraffic traffic, CancellationToken cancellationToken)
    {
        var issues = new List<(string Path, IssueRecord Issue)>();
        await foreach (var (_, issue) in state.IssuesAsync(cancellationToken))
        {
            issues.Add((tree.PathOf(issue), issue));
        }

        return _tally.ToReport(commit, request.Target.DisplayName, traffic, issues);
    }

    /// <summary>What the files need, in the order of writing. Runs ahead of it, so what it sees in the target is a guess.</summary>
    private async IAsyncEnumerable<FeedStep> StepsAsync(
        RestoreOrder order, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var file in order.FilesAsync(cancellationToken))
        {
            var plan = await PlanAsync(file, cancellationToken);
            yield return new FeedStep(plan, default);
            for (var i = 0; plan.IsFetched && i < plan.Entry.Streams.Count; i++)
            {
                await foreach (var piece in plan.PiecesAsync(state, i, cancellationToken))
                {
                    if (piece is { IsReused: false, Extent.Kind: ExtentKind.Data })
                    {
                        yield return new FeedStep(null, piece.Extent.Segment!.Id);
                    }
                }
            }
        }
    }

    private async ValueTask<FilePlan> PlanAsync(RestoreItem file, CancellationToken cancellationToken)
    {
        var entry = (await state.FindEntryAsync(file.FileReference, cancellationToken))!;
        if (entry.Names.Count > 0 && !_linked.TryAdd(file.FileReference, null))
        {
            // A further name of a file that is fetched already.
            return new FilePlan(file, entry, Reused: null, IsFetched: false);
        }

        if (!heldAnything || request.OnCollision is CollisionPolicy.CreateCopy || MissingAbove(file.Path) is not null)
        {
            return new FilePlan(file, entry, Reused: null, IsFetched: true);
        }

        try
        {
            if (request.OnCollision == CollisionPolicy.Skip)
            {
                return new FilePlan(file, entry, null, await request.Target.ProbeAsync(file.Path, cancellationToken) is null);
            }

            return new FilePlan(file, entry, await _reuse.PlanAsync(file.Path, entry, cancellationToken), IsFetched: true);
        }
        catch (BackupException error) when (RestoreFailures.ReasonOf(error.Code) is not null)
        {
            // The same trouble comes back when the file is written, and is reported then.
            return new FilePlan(file, entry, Reused: null, IsFetched: false);
        }
    }

    private async ValueTask MakeDirectoriesAsync(List<RestoreItem> directories, CancellationToken cancellationToken)
    {
        foreach (var directory in directories)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (directory.Path.Length == 0)
            {
                continue;
            }

            if (MissingAbove(directory.Path) is { } above)
            {
                Fail(directory.Path, above);
                continue;
            }

            try
            {
                await _names.MakeDirectoryAsync(directory.Path, cancellationToken);
            }
            catch (BackupException error) when (RestoreFailures.ReasonOf(error.Code) is { } reason)
            {
                Fail(directory.Path, (reason, error.Message));
            }
        }

        _tally.Directories = directories.Count - _missing.Count;

        void Fail(string path, (string Reason, string Message) why)
        {
            _missing[path] = why;
            _tally.Failed.Add(new FailedItem(path, why.Reason, why.Message, Failures.OrdinaryClause));
        }
    }

    private async ValueTask RestoreFilesAsync(
        long totalBytes, SegmentFeed feed, FileRestorer writer, CancellationToken cancellationToken)
    {
        long doneBytes = 0;
        while (await feed.NextFileAsync(cancellationToken) is { } plan)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await RestoreFileAsync(plan, writer, cancellationToken);
            }
            catch (BackupException error) when (RestoreFailures.ReasonOf(error.Code) is { } reason)
            {
                _tally.Failed.Add(RestoreFailures.Of(plan.Item.Path, plan.Entry, reason, error.Message));
            }

            doneBytes += plan.Item.SizeBytes;
            services.Progress.Advance(doneBytes, totalBytes, _tally.Files);
        }
    }

    private async ValueTask RestoreFileAsync(FilePlan plan, FileRestorer writer, CancellationToken cancellationToken)
    {
        if (MissingAbove(plan.Item.Path) is { } above)
        {
            _tally.Failed.Add(RestoreFailures.Of(plan.Item.Path, plan.Entry, above.Reason, above.Message));
            return;
        }

        if (await _names.FreePathAsync(plan.Item.Path, cancellationToken) is not { } path)
        {
            _tally.Kept.Add(plan.Item.Path);
            return;
        }

        if (plan.Entry.Names.Count > 0 && _linked.TryGetValue(plan.Entry.FileReference, out var existing) && existing is not null)
        {
            if (await request.Target.CreateHardLinkAsync(
                existing, path, FileRestorer.MetadataOf(plan.Entry), cancellationToken))
            {
                _tally.Files++;
                await _names.RememberAsync(path, cancellationToken);
                return;
            }

            _tally.AddNotes(path, [$"that it is one file with '{existing}': it was restored as a copy"]);
        }

        var mayHold = heldAnything && request.OnCollision == CollisionPolicy.Overwrite && path == plan.Item.Path;
        if (mayHold && await _held.TryKeepAsync(plan, cancellationToken) is { } notes)
        {
            _tally.AddUnchanged(path, notes);
        }
        else
        {
            await writer.RestoreAsync(plan, path, cancellationToken);
        }

        if (plan.Entry.Names.Count > 0)
        {
            _linked[plan.Entry.FileReference] = path;
        }

        await _names.RememberAsync(path, cancellationToken);
    }

    private async ValueTask RestoreLinkAsync(RestoreItem item, CancellationToken cancellationToken)
    {
        var entry = (await state.FindEntryAsync(item.FileReference, cancellationToken))!;
        try
        {
            if (MissingAbove(item.Path) is { } above)
            {
                _tally.Failed.Add(RestoreFailures.Of(item.Path, entry, above.Reason, above.Message));
            }
            else if (await _names.FreePathAsync(item.Path, cancellationToken) is not { } path)
            {
                _tally.Kept.Add(item.Path);
            }
            else
            {
                _tally.AddNotes(path, await request.Target.CreateLinkAsync(
                    path, FileRestorer.MetadataOf(entry), entry.Reparse!, cancellationToken));
                await _names.RememberAsync(path, cancellationToken);
                _tally.Files++;
            }
        }
        catch (BackupException error) when (error.Code == ErrorCode.PlatformUnsupported)
        {
            _tally.AddNotes(item.Path, [$"the reparse point itself, which was left out: {error.Message}"]);
        }
        catch (BackupException error) when (RestoreFailures.ReasonOf(error.Code) is { } reason)
        {
            _tally.Failed.Add(RestoreFailures.Of(item.Path, entry, reason, error.Message));
        }
    }

    /// <summary>Why the directory of a path is not there; null when it is.</summary>
    private (string Reason, string Message)? MissingAbove(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash >= 0 && _missing.TryGetValue(path[..slash], out var why) ? why : null;
    }

    private async ValueTask FinishDirectoryAsync(RestoreItem item, FileRestorer writer, CancellationToken cancellationToken)
    {
        var entry = (await state.FindEntryAsync(item.FileReference, cancellationToken))!;
        try
        {
            if (entry.Streams.Count > 0)
            {
                await writer.RestoreDirectoryStreamsAsync(item.Path, entry, cancellationToken);
            }

            _tally.AddNotes(
                item.Path,
                await request.Target.FinishDirectoryAsync(item.Path, FileRestorer.MetadataOf(entry), cancellationToken));
        }
        catch (BackupException error) when (RestoreFailures.ReasonOf(error.Code) is { } reason)
        {
            _tally.Failed.Add(RestoreFailures.Of(item.Path, entry, reason, error.Message));
        }
    }
}
