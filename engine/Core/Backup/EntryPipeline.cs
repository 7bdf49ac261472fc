using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Resume;
using Harness.Engine.Rules;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// Takes entries one after the other, decides what of each has to be read, and collects what becomes of them. Trouble with one
/// entry is collected too and never stops the run. Logical thread only.
/// </summary>
internal sealed class EntryPipeline(BackupContext context, long totalBytes, SameEntries same)
{
    private readonly StreamReading _reading = new(context);
    private readonly Queue<EntryBackup> _entries = new();
    private readonly ReferenceSet _taken = new();
    private readonly ReferenceSet _kept = new();
    private readonly ReferenceSet _deleted = new();
    private readonly LinkedNames _linked = new();
    private long _doneBytes = same.LogicalBytes;
    private long _doneFiles = same.Files;
    private long _resumedBytes;

    public long ChangedBytes => _reading.Ranges.ChangedBytes + _resumedBytes;

    public long ReadBytes => _reading.Ranges.ReadBytes;

    /// <summary>Entries taken over from a run that was cut off, without reading them again.</summary>
    public long ResumedEntries { get; private set; }

    /// <summary>What the entries taken so far add to what was protected before.</summary>
    public RunningTotals Totals { get; } = new();

    /// <summary>Whether an entry is on its way into the new state.</summary>
    public bool HasTaken(ulong fileReference) => _taken.Contains(fileReference);

    /// <summary>Whether an entry was taken into the new state, or out of it.</summary>
    public bool HasHandled(ulong fileReference) => _taken.Contains(fileReference) || _deleted.Contains(fileReference);

    /// <summary>Takes an entry that the rules protect and that has its place.</summary>
    /// <param name="plan">What the rules say.</param>
    /// <param name="changes">What of its content may have changed; null when nobody knows.</param>
    /// <param name="cancellationToken">Ends it between two ranges.</param>
    public async ValueTask AddAsync(
        EntryPlan plan, IReadOnlyList<StreamChange>? changes, CancellationToken cancellationToken)
    {
        if (plan.Verdict.SetAside is { } clause)
        {
            context.Findings.SetAside[clause] = context.Findings.SetAside.GetValueOrDefault(clause) + 1;
            if (plan.IsHardLinked && !_linked.IsFirst(plan))
            {
                return;
            }
        }

        foreach (var (stream, verdict) in plan.Skipped)
        {
            await context.Findings.AddSkippedAsync(plan.Entry, stream.Name, verdict);
        }

        _taken.Add(plan.Entry.FileReference);
        var previous = await context.Previous.FindEntryAsync(plan.Entry.FileReference, cancellationToken);
        if (previous is not null && previous.Kind != plan.RecordKind)
        {
            await DeleteAsync(previous);
            previous = null;
        }

        var entry = new EntryBackup(plan, previous)
        {
            IsSentAgain = context.Heals && previous is not null && !await context.HasContentAsync(previous, cancellationToken),
        };
        AddStreams(entry);
        if (previous is not null && changes is null && !entry.IsSentAgain && ContentUnchanged.ByMetadata(context, plan, previous))
        {
            await KeepAsync(entry, [.. entry.Streams.Select(stream => stream.Reuse(stream.Previous!))]);
            Advance(entry.Plan);
            return;
        }

        if (await TryResumeAsync(entry, cancellationToken))
        {
            Advance(entry.Plan);
            return;
        }

        _entries.Enqueue(entry);
        foreach (var stream in entry.Streams)
        {
            if (!await _reading.TryReadAsync(stream, changes, cancellationToken))
            {
                break;
            }
        }

        await CollectFinishedAsync();
    }

    /// <summary>Finishes everything that was taken.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        await _reading.Ranges.FinishAsync(cancellationToken);
        await CollectFinishedAsync();
        Invariant.Require(_entries.Count == 0);
        foreach (var (record, previous) in _linked.All())
        {
            await PutAsync(record, previous);
        }
    }

    /// <summary>Waits for workers after a failure and closes what they read, so that nothing goes on behind the caller's back.</summary>
    public ValueTask AbandonAsync() => _reading.Ranges.AbandonAsync();

    /// <summary>Tells that an entry is done with.</summary>
    public void Advance(EntryPlan plan)
    {
        if (plan.IsDirectory)
        {
            return;
        }

        _doneFiles++;
        foreach (var stream in plan.Protected)
        {
            _doneBytes = Estimate.Sum(_doneBytes, stream.SizeBytes);
        }

        context.Services.Progress.Advance(_doneBytes, totalBytes, _doneFiles);
    }

    /// <summary>Takes in entries that the new state has just as the state before: there is nothing to be done about them.</summary>
    public void AddSame(SameEntries same) => context.Findings.FullOnly.AddRange(same.FullOnly);

    /// <summary>Takes an entry of the state before out of the new one.</summary>
    public async ValueTask DeleteAsync(EntryRecord previous)
    {
        _deleted.Add(previous.FileReference);
        Totals.Remove(previous);
        await context.Changes.DeleteEntryAsync(previous);
    }

    /// <summary>
    /// Takes an entry as a run that was cut off has read and packed it, if it has not changed since; its streams keep the ids
    /// that they have there.
    /// </summary>
    private async ValueTask<bool> TryResumeAsync(EntryBackup entry, CancellationToken cancellationToken)
    {
        if (await context.Resumed.FindAsync(entry.Plan.Entry.FileReference, cancellationToken) is not var (kept, takenAt)
            || !ContentUnchanged.Since(context, entry.Plan, kept.Record, takenAt)
            || kept.Record.Streams.Zip(entry.Streams).Any(pair => pair.First.Id != pair.Second.Id)
            || !await context.HasSegmentsAsync(kept.Record.Streams.SelectMany(stream => stream.Content!.Extents.Extents), cancellationToken))
        {
            return false;
        }

        var streams = entry.Streams.Zip(kept.Record.Streams, (stream, record) => stream.Reuse(record)).ToList();
        if (!await KeepAsync(entry, streams))
        {
            return true;
        }

        foreach (var (streamId, pages) in kept.Pages)
        {
            var key = RecordKey.OfRegion(entry.Plan.Entry.FileReference, streamId, 0);
            await context.Changes.PutPagesAsync(key, pages, await context.Previous.FindPagesAsync(key, default));
        }

        foreach (var stream in entry.Streams)
        {
            await DeleteRestAsync(entry, stream);
        }

        _resumedBytes += kept.ChangedBytes;
        ResumedEntries++;
        return true;
    }

    /// <summary>Gives an entry the streams that are to be protected.</summary>
    public static void AddStreams(EntryBackup entry)
    {
        var ids = new StreamIds(entry.Previous);
        foreach (var stream in entry.Plan.Protected)
        {
            var isFullOnly = entry.Plan.Verdict.Protection == Protection.FullOnly;
            entry.Streams.Add(new StreamBackup(
                entry, stream, ids.Of(stream.Name), entry.Previous?.FindStream(stream.Name), isFullOnly)
            {
                LengthBytes = stream.ReadableBytes,
            });
        }
    }

    /// <summary>Hands on, in order, every entry whose regions are all complete.</summary>
    private async ValueTask CollectFinishedAsync()
    {
        while (_entries.TryPeek(out var entry) && await IsCompleteAsync(entry))
        {
            _entries.Dequeue();
            foreach (var stream in entry.Streams.Where(stream => stream.IsAbandoned))
            {
                await context.Regions.TakeBackAsync(stream);
            }

            if (entry.Failure is { } error)
            {
                await context.Findings.AddFailedAsync(error, entry.Plan.Entry, entry.Plan.Verdict.Clause);
                if (entry.Previous is not null)
                {
                    await DeleteAsync(entry.Previous);
                }
            }
            else
            {
                await AddReadAsync(entry);
            }

            Advance(entry.Plan);
        }
    }

    private async ValueTask<bool> IsCompleteAsync(EntryBackup entry)
    {
        var isComplete = true;
        foreach (var stream in entry.Streams)
        {
            isComplete &= await context.Regions.CollectAsync(stream);
        }

        return isComplete;
    }

    private async ValueTask AddReadAsync(EntryBackup entry)
    {
        foreach (var error in entry.Streams.Select(stream => stream.Failure).OfType<SourceReadException>())
        {
            await context.Findings.AddFailedAsync(error, entry.Plan.Entry, entry.Plan.Verdict.Clause);
        }

        var kept = entry.Streams.Where(stream => stream.Failure is null).ToList();
        var streams = kept.ConvertAll(stream => stream.IsReused ? stream.Reuse(stream.Previous!) : stream.ToRecord());
        if (!await KeepAsync(entry, streams))
        {
            return;
        }

        if (kept.Count == entry.Streams.Count && !kept.Exists(stream => stream.IsInRegions) && !entry.ChangedWhileRead)
        {
            var pages = kept.Where(stream => !stream.IsReused && stream.Pages.Count > 0).Select(stream => (stream.Id, stream.Pages));
            entry.IsNoted = true;
            await context.Log.KeepAsync(
                new KeptEntry(entry.ToRecord(streams), [.. pages], kept.Sum(stream => stream.ChangedBytes)), cancellationToken: default);
        }

        foreach (var stream in kept.Where(stream => !stream.IsReused))
        {
            if (!stream.IsInRegions)
            {
                var key = RecordKey.OfRegion(entry.Plan.Entry.FileReference, stream.Id, 0);
                await context.Changes.PutPagesAsync(key, stream.Pages, stream.PreviousPages);
            }

            await DeleteRestAsync(entry, stream);
        }
    }

    /// <summary>Deletes what the state before has of a stream beyond its present end.</summary>
    private async ValueTask DeleteRestAsync(EntryBackup entry, StreamBackup stream)
    {
        if (stream.Previous is { IsInRegions: true } before)
        {
            var regions = stream.IsInRegions ? ((stream.LengthBytes - 1) / FormatLimits.RegionBytes) + 1 : 0;
            if (regions <= (before.ContentBytes - 1) / FormatLimits.RegionBytes)
            {
                await context.Changes.DeleteContentAsync(entry.Plan.Entry.FileReference, before, (uint)regions, keepFirstPages: regions == 0);
            }
        }
    }

    /// <summary>
    /// Takes an entry into the new state; false when it was taken already under another path, which happens when a source without
    /// true snapshots renames it between two parts of the listing.
    /// </summary>
    private async ValueTask<bool> KeepAsync(EntryBackup entry, IReadOnlyList<StreamRecord> streams)
    {
        var path = entry.Plan.Entry.Path;
        if (!_kept.Add(entry.Plan.Entry.FileReference))
        {
            context.Findings.ChangedWhileRead.Add(path);
            return false;
        }

        var record = entry.ToRecord(streams);
        Totals.Replace(entry.Previous, record);
        if (record.Protection == Protection.FullOnly)
        {
            context.Findings.FullOnly.Add(path);
        }

        if (entry.ChangedWhileRead)
        {
            context.Findings.ChangedWhileRead.Add(path);
        }

        if (entry.Plan.IsHardLinked)
        {
            _linked.Keep(record, entry.Previous);
        }
        else
        {
            await PutAsync(record, entry.Previous);
        }

        return true;
    }

    private async ValueTask PutAsync(EntryRecord record, EntryRecord? previous)
    {
        if (previous is { } before)
        {
            if (RecordComparer.SameState(before, record))
            {
                return;
            }

            foreach (var gone in before.Streams.Where(stream => record.FindStream(stream.Name) is null))
            {
                await context.Changes.DeleteContentAsync(before.FileReference, gone, fromRegion: 0);
            }
        }

        await context.Changes.PutEntryAsync(record, previous);
    }
}
