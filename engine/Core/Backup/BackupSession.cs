using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Backup;

/// <summary>
/// One run between the preflight and the report: what it follows, the transfer, and the commit. Logical thread only.
/// </summary>
internal sealed class BackupSession
{
    private readonly EngineServices _services;
    private readonly BackupRequest _request;
    private readonly string _sourceName;
    private readonly MeteredScratch _scratch;
    private readonly ISnapshot _snapshot;
    private readonly VolumeInfo _volume;
    private readonly List<ReportNote> _fallbacks = [];
    private Repository? _repository;
    private Commit? _parent;
    private RecordState _previous = RecordState.Empty;
    private ScratchState? _scratchState;

    private BackupSession(
        EngineServices services,
        BackupRequest request,
        string sourceName,
        MeteredScratch scratch,
        ISnapshot snapshot,
        VolumeInfo volume)
    {
        _services = services;
        _request = request;
        _sourceName = sourceName;
        _scratch = scratch;
        _snapshot = snapshot;
        _volume = volume;
    }

    private BackupMode Mode => _parent is null ? BackupMode.Full : BackupMode.Incremental;

    public static async ValueTask<BackupSession> OpenAsync(
        EngineServices services,
        BackupRequest request,
        string sourceName,
        MeteredScratch scratch,
        ISnapshot snapshot,
        VolumeInfo volume,
        CancellationToken cancellationToken)
    {
        var session = new BackupSession(services, request, sourceName, scratch, snapshot, volume);
        await session.LoadAsync(cancellationToken);
        return session;
    }

    public BackupReport DryReport(Estimate estimate, List<ReportNote> warnings) =>
        Report(null, estimate.Totals, 0, 0, warnings, estimate.Skipped, estimate.Failed, estimate.FullOnly);

    public async ValueTask<BackupReport> RunAsync(
        Estimate estimate, PhaseClock phases, List<ReportNote> warnings, CancellationToken cancellationToken)
    {
        var repository = _repository ??= await RepositoryOpener.CreateAsync(
            _request.Vault, _request.Passphrase, _request.NewRepository, _services.Random, _services.Clock, cancellationToken);
        var sourceId = repository.Keys.SourceId(_sourceName);
        var previousPages = _scratchState?.Pages ?? new Dictionary<StreamKey, PageTable>();
        var pages = await ScratchPages.OpenAsync(_scratch, repository, sourceId, _scratchState, cancellationToken);
        using var context = new BackupContext
        {
            Services = _services,
            Repository = repository,
            Scratch = _scratch,
            Snapshot = _snapshot,
            Profile = _request.Profile,
            Volume = _volume,
            Parent = _parent,
            Previous = _previous,
            PreviousPages = previousPages,
            Pages = pages,
            Writer = new SegmentWriter(repository, _services, cancellationToken),
        };

        phases.Begin("transfer", "Transferring data...");
        var builder = new StateBuilder(_previous, previousPages);
        var entries = new EntryPipeline(context, builder, estimate.LogicalBytes);
        try
        {
            await entries.RunAsync(cancellationToken);
            await context.Writer.FinishAsync();
        }
        catch
        {
            await context.Writer.AbandonAsync();
            throw;
        }

        await RequireAliveAsync(cancellationToken);
        phases.Begin("commit", "Verifying backup...");
        var (state, delta) = builder.Build();
        var committer = new Committer(context, _sourceName, sourceId);
        var commit = await committer.CommitAsync(state, delta, builder, Mode, entries.ChangedBytes, cancellationToken);

        phases.Begin("release", "Releasing the snapshot...");
        await KeepScratchAsync(repository, sourceId, commit, state, builder, pages, warnings, cancellationToken);
        AddNotes(builder, pages, warnings);
        return Report(
            commit.Document.Sequence,
            builder.Totals,
            entries.ChangedBytes,
            entries.ReadBytes,
            warnings,
            builder.Skipped,
            builder.Failed,
            builder.FullOnly);
    }

    private async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        _repository = await RepositoryOpener.TryOpenAsync(_request.Vault, _request.Passphrase, cancellationToken);
        if (_repository is null)
        {
            return;
        }

        var log = new CommitLog(_repository);
        var sourceId = _repository.Keys.SourceId(_sourceName);
        var sequences = await log.ListAsync(sourceId, cancellationToken);
        var remembered = await ScratchState.TryReadAsync(_scratch, _repository, sourceId, cancellationToken);
        RequireNotRolledBack(remembered, sequences.Count == 0 ? 0 : sequences[^1]);
        if (sequences.Count == 0)
        {
            return;
        }

        _parent = await log.ReadAsync(sourceId, sequences[^1], cancellationToken);
        _fallbacks.Add(new ReportNote(
            "no-change-journal", "The source offers no change journal: every entry was listed to find what changed."));
        if (remembered is not null && remembered.Sequence == _parent.Document.Sequence && remembered.CommitHash == _parent.Hash)
        {
            _scratchState = remembered;
            _previous = remembered.Records;
            return;
        }

        _fallbacks.Add(new ReportNote(
            "scratch-rebuilt",
            remembered is null
                ? "The scratch location did not know this source: its state was read from the vault."
                : "The scratch location knew another recovery point than the latest: its state was read from the vault."));
        _previous = await new StateReader(_repository, log).ReadAsync(_parent, cancellationToken);
    }

    private void RequireNotRolledBack(ScratchState? remembered, long latest)
    {
        if (remembered is not null && remembered.Sequence > latest)
        {
            throw new BackupException(
                ErrorCode.VaultRolledBack,
                $"The vault's latest recovery point of '{_sourceName}' is {latest}, but this machine has seen {remembered.Sequence}.",
                "Somebody restored or emptied the vault. If that was meant, give another --scratch location and run again.");
        }
    }

    private async ValueTask RequireAliveAsync(CancellationToken cancellationToken)
    {
        if (!await _snapshot.IsAliveAsync(cancellationToken))
        {
            throw new BackupException(
                ErrorCode.SourceVanished,
                $"The source '{_sourceName}' disappeared during the run. No recovery point was made; earlier ones are intact.",
                "Make the source available and run again; data that was sent already is not sent twice.");
        }
    }

    private async ValueTask KeepScratchAsync(
        Repository repository,
        string sourceId,
        Commit commit,
        RecordState state,
        StateBuilder builder,
        PageStore pages,
        List<ReportNote> warnings,
        CancellationToken cancellationToken)
    {
        try
        {
            await ScratchPages.SaveAsync(
                _scratch, repository, sourceId, commit, state, builder.Pages, pages, _services.Random, cancellationToken);
        }
        catch (BackupException error)
        {
            warnings.Add(new ReportNote(
                "scratch-not-saved",
                $"The recovery point is complete, but the scratch location could not be brought up to date: {error.Message}"));
        }
    }

    private void AddNotes(StateBuilder builder, PageStore pages, List<ReportNote> warnings)
    {
        if (pages.RebuiltRanges > 0)
        {
            _fallbacks.Add(new ReportNote(
                "fingerprints-rebuilt",
                $"The page fingerprints of {pages.RebuiltRanges} ranges of 1 MiB were rebuilt from the vault."));
        }

        warnings.AddRange(builder.ChangedWhileRead.Select(path => new ReportNote(
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
            SourceName = _sourceName,
            Profile = _request.Profile.Id,
            Mode = Mode,
            Consistency = _snapshot.Consistency,
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
