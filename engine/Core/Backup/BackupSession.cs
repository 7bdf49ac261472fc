using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Engine.Resume;
using Harness.Engine.Retention;
using Harness.Engine.Segments;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// One run between the preflight and the report: what it follows, the way it takes, the transfer, and the commit. Logical
/// thread only.
/// </summary>
internal sealed class BackupSession(
    EngineServices services,
    BackupRequest request,
    string sourceName,
    MeteredScratch scratch,
    ISnapshot snapshot,
    VolumeInfo volume) : IDisposable
{
    private readonly List<ReportNote> _fallbacks = [];
    private Repository? _repository;
    private StateStore? _store;
    private Commit? _parent;
    private ChangePlan? _plan;
    private UnchangedEntries? _unchanged;
    private SourceSurvey? _survey;
    private long _seenGc;
    private bool _isRebuilt;
    private bool _heals;
    private EntryPipeline? _entries;
    private DryRunPlan? _planned;
    private RunFindings? _findings;

    /// <summary>Bytes read from the source up to now.</summary>
    public long ReadBytes => _entries?.ReadBytes ?? 0;

    /// <summary>What could not be read up to now.</summary>
    public IReadOnlyList<FailedItem> Failed => _findings is null ? [.. _survey?.Estimate.Failed ?? []] : [.. _findings.Failed];

    private BackupMode Mode => _parent is null ? BackupMode.Full : BackupMode.Incremental;

    /// <summary>Whether the source cannot tell what changed, or is not asked.</summary>
    private bool MustList => snapshot.Changes is null || request.ForceScan;

    /// <summary>
    /// Makes the scratch location forget a state that turned out to be damaged, so that the next session builds it anew.
    /// </summary>
    public ValueTask ForgetStateAsync(CancellationToken cancellationToken) =>
        _store is null ? default : _store.ForgetAsync(cancellationToken);

    /// <summary>Takes the vault as it is opened, and opens the state of the last recovery point.</summary>
    public async ValueTask LoadAsync(Task<Repository?> opening, SnapshotListing listing, CancellationToken cancellationToken)
    {
        if (MustList)
        {
            await listing.ReadAheadAsync(opening);
        }

        services.Idle?.Invoke(opening);
        _repository = await opening;
        if (_repository is null)
        {
            return;
        }

        // Before the commits: what is condemned later leaves the newest of them alone.
        _seenGc = await new GcLog(_repository).NewestNumberAsync(cancellationToken);
        _heals = request.ForceScan && _seenGc > 0 && (await new GcLog(_repository).ReadNewestAsync(cancellationToken)).Damaged.Count > 0;
        var log = new CommitLog(_repository);
        var sourceId = _repository.Keys.SourceId(sourceName);
        var sequences = await log.ListAsync(sourceId, cancellationToken);
        _store = await StateStore.OpenAsync(scratch, _repository, sourceId, services.Random, cancellationToken);
        var history = new SeenHistory(log, sourceName, sourceId, sequences);
        history.RequireNotRolledBack(_store.Of?.Sequence);
        if (sequences.Count == 0)
        {
            return;
        }

        await history.RequireRoomAsync(request, services.Clock, new DeletedLog(_repository), cancellationToken);
        _parent = await log.ReadAsync(sourceId, sequences[^1], cancellationToken);
        if (_store.Of is { } known && known == (_parent.Document.Sequence, _parent.Hash))
        {
            return;
        }

        await history.RequireSameAsync(_store.Of, cancellationToken);
        _isRebuilt = true;
        _fallbacks.Add(new ReportNote(
            "scratch-rebuilt",
            _store.Of is null
                ? "The scratch location did not know this source: its state was read from the vault."
                : "The scratch location knew another recovery point than the latest: its state was read from the vault."));
        if ((await new SessionLog(_repository).ListAsync(sourceId, cancellationToken)).IsAny)
        {
            _store.NoteCutOff();
        }

        if (!request.DryRun)
        {
            await new StateRebuilder(_repository, log, _store).RebuildAsync(_parent, cancellationToken);
        }
    }

    /// <summary>Chooses the way and says what the new recovery point will hold.</summary>
    public async ValueTask<Estimate> EstimateAsync(SnapshotListing listing, CancellationToken cancellationToken)
    {
        if (_parent is not null && _store?.Of is { } known && known.CommitHash == _parent.Hash)
        {
            (_plan, var fallbacks) = await new ChangePlanner(request, snapshot, _parent, _store).MakeAsync(cancellationToken);
            _fallbacks.AddRange(fallbacks);
            if (_plan is not null && !request.DryRun)
            {
                return Estimate.Of(_plan.Totals(_parent.Document.Protected));
            }

            _unchanged = request.DryRun || _heals ? null : new UnchangedEntries(_store.State, volume, _parent.Document.TakenAt);
        }

        if (request.DryRun)
        {
            var previous = _store is { } store && store.Of?.CommitHash == _parent?.Hash ? store.State : SourceState.Empty;
            _planned = await new DryRun(request, snapshot, volume, _parent, previous).PlanAsync(_plan, cancellationToken);
        }

        _survey = new SourceSurvey(request.Profile, _unchanged);
        await _survey.RunAsync(listing, cancellationToken);
        return _survey.Estimate;
    }

    public BackupReport DryReport(Estimate estimate, List<ReportNote> warnings) =>
        Report(null, estimate.Totals, 0, _planned?.ReadBytes ?? 0, warnings, estimate.Skipped, estimate.Failed, estimate.FullOnly)
            with
        { Planned = _planned };

    public async ValueTask<BackupReport> RunAsync(
        Estimate estimate, PhaseClock phases, List<ReportNote> warnings, CancellationToken cancellationToken)
    {
        var repository = _repository ??= await RepositoryOpener.CreateAsync(
            request.Vault, request.Passphrase, request.NewRepository, services.Random, services.Clock, cancellationToken);
        if (!repository.IsRemembered)
        {
            await RememberedKey.KeepAsync(scratch, repository.KeyBlob, cancellationToken);
        }

        var sourceId = repository.Keys.SourceId(sourceName);
        var store = _store ??= await StateStore.OpenAsync(scratch, repository, sourceId, services.Random, cancellationToken);
        if (_parent is null)
        {
            store.Reset();
        }

        var fence = new WriterFence(repository, services, sourceId, _seenGc, _parent?.Document.Sequence);
        try
        {
            var report = await RunAsync(estimate, repository, sourceId, store, fence, phases, warnings, cancellationToken);
            var left = await CloseAsync(fence, cancellationToken);
            await EndRunAsync(store, cancellationToken);
            return left is null ? report : report with { Warnings = [.. report.Warnings, left] };
        }
        catch
        {
            await fence.AbandonAsync();
            throw;
        }
    }

    private async ValueTask<BackupReport> RunAsync(
        Estimate estimate,
        Repository repository,
        string sourceId,
        StateStore store,
        WriterFence fence,
        PhaseClock phases,
        List<ReportNote> warnings,
        CancellationToken cancellationToken)
    {
        await store.PrepareAsync(cancellationToken);
        var section = new RunSection(_parent?.Hash ?? default, request.Profile.RulesId, snapshot.TakenAt);
        if (_parent is null || _isRebuilt || store.WasCutOff)
        {
            // A run that died may have left a session, which only the session of a later run clears away.
            await fence.RequireSessionAsync(cancellationToken);
        }

        var left = new ResumeSources(
            section, sourceId, [.. fence.Before.Checkpoints.Select(item => item.Name)], LooksForOrphans: fence.Before.IsAny);
        var index = new SegmentIndex(repository, scratch, services.Random, fence.UnusablePacksAsync);
        var resumed = await ResumedRun.OpenAsync(scratch, repository, services.Random, index, left, fence, cancellationToken);
        var checkpoints = new CheckpointWriter(repository, services.Random, section, fence, request.Options.PacksPerCheckpoint);
        var log = new RunLog(scratch, repository, store.Pages, checkpoints, services.Random, RunLog.FileOf(sourceId));
        await log.BeginAsync(section, cancellationToken);
        using var pending = store.Begin(cancellationToken);
        var findings = _findings = new RunFindings(pending.Changes, request.Profile);
        using var context = new BackupContext
        {
            Services = services,
            Repository = repository,
            Scratch = scratch,
            Snapshot = snapshot,
            Profile = request.Profile,
            Volume = volume,
            Parent = _parent,
            Previous = store.State,
            Changes = pending.Changes,
            Findings = findings,
            Regions = new RegionCollector(pending.Changes),
            Pages = store.Pages,
            Resumed = resumed,
            Log = log,
            Writer = new SegmentWriter(repository, services, index, resumed, log, fence, request.Options, cancellationToken),
            Index = index,
            Fence = fence,
            Heals = _heals,
        };

        phases.Begin("transfer", "Transferring data...");
        var entries = _entries = new EntryPipeline(context, estimate.LogicalBytes, _survey?.Same ?? new SameEntries());
        try
        {
            await TransferAsync(context, entries, cancellationToken);
            await context.Writer.FinishAsync();
        }
        catch
        {
            await entries.AbandonAsync();
            await context.Writer.AbandonAsync();
            throw;
        }

        await RequireAliveAsync(cancellationToken);
        phases.Begin("commit", "Verifying backup...");
        var totals = entries.Totals.Over(_parent?.Document.Protected);
        var committer = new Committer(context, sourceName, sourceId);
        if (committer.WritesRecords)
        {
            await fence.RequireSessionAsync(cancellationToken);
        }

        await fence.RequireAliveAsync(cancellationToken);
        var commit = await committer.CommitAsync(totals, Mode, entries.ChangedBytes, cancellationToken);
        await fence.ConfirmAsync(commit, cancellationToken);

        phases.Begin("release", "Releasing the snapshot...");
        await KeepScratchAsync(store, pending, commit, warnings, cancellationToken);
        await new IndexMerge(repository, services, index, fence).RunAsync(context.Writer.IndexBytes, cancellationToken);
        AddNotes(findings, store.Pages, warnings);
        if (resumed.Packs.Count > 0)
        {
            warnings.Add(new ReportNote(
                "run-resumed",
                $"A run that was cut off had sent {resumed.Packs.Count} packs: they were not sent again, and {entries.ResumedEntries} "
                + "entries were not read again."));
        }

        return Report(
            commit.Document.Sequence,
            totals,
            entries.ChangedBytes,
            entries.ReadBytes,
            warnings,
            findings.Skipped,
            findings.Failed,
            findings.FullOnly);
    }

    public void Dispose() => _store?.Dispose();

    private async ValueTask TransferAsync(BackupContext context, EntryPipeline entries, CancellationToken cancellationToken)
    {
        if (_plan is null)
        {
            await new SourceScan(context, entries, _survey!, _unchanged).RunAsync(cancellationToken);
            return;
        }

        await new ChangeRun(context, entries, _plan, snapshot.Changes!).RunAsync(cancellationToken);
        Preflight.CheckSourceSize(
            request.Profile,
            sourceName,
            Estimate.Of(entries.Totals.Over(_parent!.Document.Protected)).Size(request.Profile.Options.SizeMeasure));
    }

    private async ValueTask RequireAliveAsync(CancellationToken cancellationToken)
    {
        if (!await snapshot.IsAliveAsync(cancellationToken))
        {
            throw new BackupException(
                ErrorCode.SourceVanished,
                $"The source '{sourceName}' disappeared during the run. No recovery point was made; earlier ones are intact.",
                "Make the source available and run again; data that was sent already is not sent twice.");
        }
    }

    /// <summary>Ends the session. Who may create blobs and not delete them has made a recovery point all the same.</summary>
    private static async ValueTask<ReportNote?> CloseAsync(WriterFence fence, CancellationToken cancellationToken)
    {
        try
        {
            await fence.CloseAsync(cancellationToken);
            return null;
        }
        catch (BackupException error) when (error.Code == ErrorCode.VaultAccessDenied)
        {
            return new ReportNote(
                "session-left",
                "The recovery point was made. The vault does not let this machine delete, so the session of the run stays in it, and 'prune' "
                + "waits for it: let the machine that prunes remove it with --break-session.");
        }
    }

    private static async ValueTask EndRunAsync(StateStore store, CancellationToken cancellationToken)
    {
        try
        {
            await store.EndRunAsync(cancellationToken);
        }
        catch (BackupException)
        {
            // The next run then looks closer than it need.
        }
    }

    private static async ValueTask KeepScratchAsync(
        StateStore store, PendingState pending, Commit commit, List<ReportNote> warnings, CancellationToken cancellationToken)
    {
        try
        {
            await store.ApplyAsync(pending, cancellationToken);
            await pending.Sorter.DeleteSpillsAsync(cancellationToken);
            await store.SaveAsync(commit, cancellationToken);
        }
        catch (BackupException error)
        {
            warnings.Add(new ReportNote(
                "scratch-not-saved",
                $"The recovery point is complete, but the scratch location could not be brought up to date: {error.Message}"));
        }
    }

    private void AddNotes(RunFindings findings, PageStore pages, List<ReportNote> warnings)
    {
        if (pages.RebuiltRanges > 0)
        {
            _fallbacks.Add(new ReportNote(
                "fingerprints-rebuilt",
                $"The page fingerprints of {pages.RebuiltRanges} ranges of 1 MiB were rebuilt from the vault."));
        }

        if (findings.SetAside.Count > 0)
        {
            warnings.AddRange(findings.SetAside.OrderBy(item => item.Key.Id, StringComparer.Ordinal).Select(item => new ReportNote(
                "rule-set-aside",
                $"The rules skip these: {item.Key.Title}. {item.Value} were protected all the same, since a preserve mode was asked for.",
                item.Key.Id)));
        }

        warnings.AddRange(findings.ChangedWhileRead.Select(path => new ReportNote(
            "changed-while-read", $"'{path}' changed while it was read; it is protected as read and read again next time.")));
    }

    private BackupReport Report(
        long? sequence,
        ProtectedTotals totals,
        long changedBytes,
        long readBytes,
        IReadOnlyList<ReportNote> warnings,
        IReadOnlyList<SkippedItem> skipped,
        IReadOnlyList<FailedItem> failed,
        IReadOnlyList<string> fullOnly) => new()
        {
            RecoveryPoint = sequence,
            SourceName = sourceName,
            Profile = request.Profile.Id,
            Mode = Mode,
            Consistency = snapshot.Consistency,
            Fallbacks = _fallbacks,
            Protected = totals,
            ChangedBytes = changedBytes,
            ReadBytes = readBytes,
            SentBytes = 0,
            StoredBytes = 0,
            Requests = 0,
            ScratchPeakBytes = 0,
            Phases = [],
            Warnings = warnings,
            Skipped = [.. skipped.OrderBy(item => item.Path, StringComparer.Ordinal)],
            Failed = [.. failed.OrderBy(item => item.Path, StringComparer.Ordinal)],
            FullOnly = [.. fullOnly.Order(StringComparer.Ordinal)],
        };
}
