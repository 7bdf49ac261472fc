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
/// Writes the entries of one recovery point: directories first, then files in the order of their data in the vault, then links, then
/// the metadata of directories. Segments are fetched and decoded ahead, and several files are written beside each other. Logical
/// thread only.
/// </summary>
internal sealed class RestoreRun
{
    private readonly EngineServices _services;
    private readonly RestoreRequest _request;
    private readonly Repository _repository;
    private readonly SegmentIndex _index;
    private readonly SourceState _state;
    private readonly bool _heldAnything;
    private readonly ReusePlanner _reuse;
    private readonly HeldFiles _held;
    private readonly RestoreTally _tally = new();
    private readonly WriteQueue _queue;
    private readonly TargetNames _names;
    private readonly TargetDirectories _directories;
    private readonly LinkRestorer _links;
    private long _doneBytes;
    private long _totalBytes;

    public RestoreRun(
        EngineServices services, RestoreRequest request, Repository repository, SegmentIndex index, SourceState state, bool heldAnything)
    {
        (_services, _request, _repository, _index, _state, _heldAnything) = (services, request, repository, index, state, heldAnything);
        _reuse = new ReusePlanner(services, repository.Keys, state, request.Target);
        _held = new HeldFiles(services, repository.Keys, state, request.Target);
        _queue = new WriteQueue(request.Target, request.Options.WritersAtOnce, EndFileAsync);
        _names = new TargetNames(request.Target, request.OnCollision, heldAnything, SettleAsync);
        _directories = new TargetDirectories(request.Target, state, _names, _tally);
        _links = new LinkRestorer(request.Target, state, _names, _directories, _tally);
    }

    /// <summary>Bytes of the buffers that segments were decoded into, once it has run.</summary>
    public long BufferBytes { get; private set; }

    public async ValueTask RunAsync(
        RestoreSelection selection, List<RestoreItem> directories, RestoreOrder order, CancellationToken cancellationToken)
    {
        _tally.Failed.AddRange(selection.Refused);
        _totalBytes = order.TotalBytes;
        await _directories.MakeAsync(directories, cancellationToken);
        await using var feed = new SegmentFeed(
            _repository, _index, _services.Work, StepsAsync(order, cancellationToken).GetAsyncEnumerator(cancellationToken));
        var restorer = new FileRestorer(_state, new ReusedRanges(_request.Target, _state, _reuse), feed, _queue);
        try
        {
            await RestoreFilesAsync(feed, restorer, cancellationToken);
            await _queue.DrainAsync(cancellationToken);
        }
        finally
        {
            // Nothing may read from the buffers of the feed any more when they go.
            await _queue.EndAsync();
            BufferBytes = feed.BufferBytes;
        }

        foreach (var link in order.Links)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await _links.RestoreAsync(link, cancellationToken);
        }

        var streams = new DirectoryStreams(_request.Target, _state, feed, _tally);
        await _directories.FinishAsync(directories, streams, cancellationToken);
    }

    public async ValueTask<RestoreReport> ReportAsync(
        Commit commit, PathTree tree, VaultTraffic traffic, CancellationToken cancellationToken)
    {
        var issues = new List<(string Path, IssueRecord Issue)>();
        await foreach (var (_, issue) in _state.IssuesAsync(cancellationToken))
        {
            issues.Add((tree.PathOf(issue), issue));
        }

        return _tally.ToReport(commit, _request.Target.DisplayName, traffic, issues);
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
                await foreach (var piece in plan.PiecesAsync(_state, i, cancellationToken))
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
        var entry = (await _state.FindEntryAsync(file.FileReference, cancellationToken))!;
        if (!_links.IsFirstName(entry))
        {
            // A further name of a file that is fetched already.
            return new FilePlan(file, entry, Reused: null, IsFetched: false);
        }

        if (!_heldAnything || _request.OnCollision is CollisionPolicy.CreateCopy || _directories.MissingAbove(file.Path) is not null)
        {
            return new FilePlan(file, entry, Reused: null, IsFetched: true);
        }

        try
        {
            if (_request.OnCollision == CollisionPolicy.Skip)
            {
                return new FilePlan(file, entry, null, await _request.Target.ProbeAsync(file.Path, cancellationToken) is null);
            }

            return new FilePlan(file, entry, await _reuse.PlanAsync(file.Path, entry, cancellationToken), IsFetched: true);
        }
        catch (BackupException error) when (RestoreFailures.ReasonOf(error.Code) is not null)
        {
            // The same trouble comes back when the file is written, and is reported then.
            return new FilePlan(file, entry, Reused: null, IsFetched: false);
        }
    }

    private async ValueTask RestoreFilesAsync(SegmentFeed feed, FileRestorer restorer, CancellationToken cancellationToken)
    {
        while (await feed.NextFileAsync(cancellationToken) is { } plan)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (!await TrySendAsync(plan, restorer, cancellationToken))
                {
                    Advance(plan);
                }
            }
            catch (BackupException error) when (RestoreFailures.ReasonOf(error.Code) is { } reason)
            {
                _tally.Failed.Add(RestoreFailures.Of(plan.Item.Path, plan.Entry, reason, error.Message));
                Advance(plan);
            }
        }
    }

    /// <summary>Sends a file on its way; false when it is dealt with already.</summary>
    private async ValueTask<bool> TrySendAsync(FilePlan plan, FileRestorer restorer, CancellationToken cancellationToken)
    {
        if (_directories.MissingAbove(plan.Item.Path) is { } above)
        {
            _tally.Failed.Add(RestoreFailures.Of(plan.Item.Path, plan.Entry, above.Reason, above.Message));
            return false;
        }

        var isWhole = FileRestorer.IsSmall(plan);
        if (isWhole && !_heldAnything)
        {
            // Nothing was there, so the target tells better than a look before whether something is.
            await SettleAsync(plan.Item.Path, cancellationToken);
            await restorer.SendWholeAsync(plan, plan.Item.Path, isNew: true, cancellationToken);
            return true;
        }

        if (plan.Entry.Names.Count > 0)
        {
            // The first name must be there before the next is made.
            await _queue.DrainAsync(cancellationToken);
        }

        if (await _names.FreePathAsync(plan.Item.Path, cancellationToken) is not { } path)
        {
            _tally.Kept.Add(plan.Item.Path);
            return false;
        }

        if (await _links.TryLinkAsync(plan.Entry, path, cancellationToken))
        {
            return false;
        }

        var mayHold = _heldAnything && _request.OnCollision == CollisionPolicy.Overwrite && path == plan.Item.Path;
        if (mayHold && await _held.TryKeepAsync(plan, cancellationToken) is { } notes)
        {
            _tally.AddUnchanged(path, notes);
            _links.Remember(plan.Entry, path);
            await _names.RememberAsync(path, cancellationToken);
            return false;
        }

        await (isWhole
            ? restorer.SendWholeAsync(plan, path, isNew: false, cancellationToken)
            : restorer.SendAsync(plan, path, cancellationToken));
        return true;
    }

    /// <summary>What is on its way to a path that a target may take for this one is there first.</summary>
    private ValueTask SettleAsync(string path, CancellationToken cancellationToken) =>
        _queue.MayMeet(path) ? _queue.DrainAsync(cancellationToken) : default;

    private async ValueTask EndFileAsync(FileOutcome outcome, CancellationToken cancellationToken)
    {
        var (plan, path) = (outcome.Job.Plan, outcome.Job.Path);
        Advance(plan);
        var error = outcome.IsTaken ? TargetNames.Taken(path) : outcome.Error;
        if (error is not null)
        {
            var reason = RestoreFailures.ReasonOf(error.Code) ?? throw error;
            _tally.Failed.Add(RestoreFailures.Of(plan.Item.Path, plan.Entry, reason, error.Message));
            return;
        }

        _tally.AddWritten(outcome.Job, outcome.Notes);
        _links.Remember(plan.Entry, path);
        await _names.RememberFileAsync(path, outcome.Identity, cancellationToken);
    }

    private void Advance(FilePlan plan)
    {
        _doneBytes += plan.Item.SizeBytes;
        _services.Progress.Advance(_doneBytes, _totalBytes, _tally.Files);
    }
}
