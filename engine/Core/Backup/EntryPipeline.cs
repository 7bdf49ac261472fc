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
    private readonly HashSet<ulong> _directories = [];
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

            if (!HasPlace(plan))
            {
                continue;
            }

            await AddAsync(plan, cancellationToken);
            CollectFinished(underWayToo: false);
        }

        if (_directories.Count == 0)
        {
            throw new BackupException(
                ErrorCode.SourceVanished,
                "The root of the source could not be read. No recovery point was made; earlier ones are intact.",
                "Make the source available to this user and run again.");
        }

        await _ranges.FinishAsync(cancellationToken);
        CollectFinished(underWayToo: true);
    }

    /// <summary>
    /// Whether a manifest can hold the entry: its directory is protected too (an orphan, which only a source that moves under
    /// the reader shows, would make the whole tree invalid), and its metadata keep the limits of the format.
    /// </summary>
    private bool HasPlace(EntryPlan plan)
    {
        var isRoot = plan.Entry.Path.Length == 0;
        if (!isRoot && !_directories.Contains(plan.Entry.ParentReference))
        {
            const string message = "Its folder could not be read, or was moved away meanwhile.";
            var error = new SourceReadException(plan.Entry.Path, SourceFault.Vanished, message);
            _state.AddFailed(Failures.ToItem(error, plan.Verdict.Clause));
            return false;
        }

        if (plan.Entry.Security.Bytes.Length > FormatLimits.TextBytes || plan.Entry.EncryptionInfo.Length > FormatLimits.TextBytes)
        {
            const string message = "Its access control or encryption information is longer than 64 KiB.";
            var error = new SourceReadException(plan.Entry.Path, SourceFault.ReadError, message);
            _state.AddFailed(Failures.ToItem(error, plan.Verdict.Clause));
            return false;
        }

        if (plan.IsDirectory)
        {
            _directories.Add(plan.Entry.FileReference);
        }

        return true;
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
        foreach (var stream in entry.Streams)
        {
            if (!await TryReadAsync(stream, cancellationToken))
            {
                break;
            }
        }
    }

    /// <summary>
    /// Reads a stream; false when the whole entry is lost with it. A named stream that cannot be read is left out alone: the
    /// file's own data is worth having without it, and a folder with everything below it all the more.
    /// </summary>
    private async ValueTask<bool> TryReadAsync(StreamBackup stream, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(stream, cancellationToken);
        }
        catch (SourceReadException error)
        {
            stream.Failure = error;
            if (stream.Source.Name.Length == 0)
            {
                stream.Entry.Failure = error;
            }
        }

        return stream.Entry.Failure is null;
    }

    private async ValueTask ReadAsync(StreamBackup stream, CancellationToken cancellationToken)
    {
        await using var reader = await _context.Snapshot.OpenAsync(stream.Entry.Plan.Entry, stream.Source, cancellationToken);
        stream.LengthBytes = reader.LengthBytes;
        if (stream.IsFullOnly && stream.Previous is { } before && before.RawSizeBytes is null == stream.Source.RawSizeBytes is null
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
                AddRead(entry);
            }

            Advance(entry);
        }
    }

    private void AddRead(EntryBackup entry)
    {
        var kept = entry.Streams.Where(s => s.Failure is null).ToList();
        foreach (var error in entry.Streams.Select(s => s.Failure).OfType<SourceReadException>())
        {
            _state.AddFailed(Failures.ToItem(error, entry.Plan.Verdict.Clause));
        }

        if (_state.AddEntry(entry, [.. kept.Select(s => s.IsReused ? Reuse(s) : s.ToRecord())]))
        {
            KeepPages(entry, kept);
        }
    }

    private void KeepPages(EntryBackup entry, IReadOnlyList<StreamBackup> streams)
    {
        foreach (var stream in streams.Where(s => !s.IsReused))
        {
            _state.SetPages(new StreamKey(entry.Plan.Entry.FileReference, stream.Source.Name), stream.Pages.Build());
        }
    }

    /// <summary>The stream as it was, with the metadata that it has now.</summary>
    private static StreamRecord Reuse(StreamBackup stream) => stream.Previous! with
    {
        AllocatedBytes = stream.Source.AllocatedBytes,
        SizeBytes = stream.Source.RawSizeBytes is null ? stream.LengthBytes : stream.Source.SizeBytes,
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
