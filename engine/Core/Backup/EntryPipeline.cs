using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Rules;

namespace Harness.Engine.Backup;

/// <summary>
/// Takes entries in the order of the listing, decides what of each has to be read, and collects what becomes of them. Trouble
/// with one entry is collected too and never stops the run. Logical thread only.
/// </summary>
internal sealed class EntryPipeline
{
    private readonly BackupContext _context;
    private readonly RangePipeline _ranges;
    private readonly Queue<EntryBackup> _entries = new();
    private readonly StateBuilder _state;
    private readonly IProgressSink _progress;
    private readonly long _totalBytes;
    private long _doneBytes;
    private long _doneFiles;

    public EntryPipeline(BackupContext context, StateBuilder state, long totalBytes)
    {
        _context = context;
        _ranges = new RangePipeline(context);
        _state = state;
        _progress = context.Services.Progress;
        _totalBytes = totalBytes;
    }

    public long ChangedBytes => _ranges.ChangedBytes;

    public long ReadBytes => _ranges.ReadBytes;

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var item in _context.Snapshot.EnumerateAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (item.Error is { } error)
            {
                _state.AddFailed(Failures.ToItem(error, _context.Profile.GetClause(Failures.OrdinaryClause)));
                continue;
            }

            var plan = EntryPlan.For(_context.Profile, item.Entry!);
            if (plan.IsSkipped)
            {
                _state.AddSkipped(EntryPlan.ToItem(plan.Entry.Path, plan.Verdict));
                continue;
            }

            await AddAsync(plan, cancellationToken);
            CollectFinished(underWayToo: false);
        }

        await _ranges.FinishAsync(cancellationToken);
        CollectFinished(underWayToo: true);
    }

    private async ValueTask AddAsync(EntryPlan plan, CancellationToken cancellationToken)
    {
        foreach (var (stream, verdict) in plan.Skipped)
        {
            _state.AddSkipped(EntryPlan.ToItem($"{plan.Entry.Path}:{stream.Name}", verdict));
        }

        var previous = _context.Previous.FindEntry(plan.Entry.FileReference);
        if (previous?.Kind != plan.Entry.Kind)
        {
            previous = null;
        }

        var entry = new EntryBackup(plan, previous);
        foreach (var stream in plan.Protected)
        {
            var isFullOnly = plan.Verdict.Protection == Protection.FullOnly || stream.RawSizeBytes is not null;
            entry.Streams.Add(new StreamBackup(entry, stream, previous?.FindStream(stream.Name), isFullOnly)
            {
                LengthBytes = stream.ReadableBytes,
            });
        }

        if (previous is not null && ContentUnchanged.ByMetadata(_context, plan, previous))
        {
            _state.AddEntry(entry, [.. entry.Streams.Select(Reuse)]);
            Advance(entry);
            return;
        }

        _entries.Enqueue(entry);
        try
        {
            foreach (var stream in entry.Streams)
            {
                await ReadAsync(stream, cancellationToken);
            }
        }
        catch (SourceReadException error)
        {
            entry.Failure = error;
        }
    }

    private async ValueTask ReadAsync(StreamBackup stream, CancellationToken cancellationToken)
    {
        await using var reader = await _context.Snapshot.OpenAsync(stream.Entry.Plan.Entry, stream.Source, cancellationToken);
        stream.LengthBytes = reader.LengthBytes;
        if (stream.IsFullOnly && stream.Previous is not null
            && await _ranges.IsUnchangedAsync(stream, reader, cancellationToken))
        {
            stream.IsReused = true;
        }
        else
        {
            await _ranges.AddAsync(stream, reader, cancellationToken);
        }

        if (!await reader.IsUnchangedAsync(cancellationToken))
        {
            stream.Entry.ChangedWhileRead = true;
        }
    }

    /// <summary>Hands on, in order, every entry whose ranges are all packed.</summary>
    private void CollectFinished(bool underWayToo)
    {
        while (_entries.TryPeek(out var entry) && (underWayToo || (!_ranges.IsUnderWay(entry) && entry.IsPacked)))
        {
            _entries.Dequeue();
            if (entry.Failure is { } error)
            {
                _state.AddFailed(Failures.ToItem(error, entry.Plan.Verdict.Clause));
            }
            else
            {
                _state.AddEntry(entry, [.. entry.Streams.Select(s => s.IsReused ? Reuse(s) : s.ToRecord())]);
                KeepPages(entry);
            }

            Advance(entry);
        }
    }

    private void KeepPages(EntryBackup entry)
    {
        foreach (var stream in entry.Streams.Where(s => !s.IsReused))
        {
            _state.SetPages(new StreamKey(entry.Plan.Entry.FileReference, stream.Source.Name), stream.Pages.Build());
        }
    }

    /// <summary>The stream as it was, with the metadata that it has now.</summary>
    private static StreamRecord Reuse(StreamBackup stream) => stream.Previous! with
    {
        AllocatedBytes = stream.Source.AllocatedBytes,
        SizeBytes = stream.Source.SizeBytes,
        Traits = stream.Source.Traits & ~EntryTraits.NamedStream,
    };

    private void Advance(EntryBackup entry)
    {
        if (entry.Plan.IsDirectory)
        {
            return;
        }

        _doneFiles++;
        _doneBytes += entry.Streams.Sum(s => s.Source.SizeBytes);
        _progress.Advance(_doneBytes, _totalBytes, _doneFiles);
    }
}
