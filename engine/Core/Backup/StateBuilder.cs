using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Repositories;
using Harness.Engine.Rules;

namespace Harness.Engine.Backup;

/// <summary>
/// Collects what becomes of each entry and turns it into the new state and into the delta from the previous one. Logical
/// thread only.
/// </summary>
internal sealed class StateBuilder(RecordState previous, IReadOnlyDictionary<StreamKey, PageTable> previousPages)
{
    private readonly bool[] _seen = new bool[previous.Records.Count];
    private readonly List<KeyedRecord> _full = [];
    private readonly List<KeyedRecord> _delta = [];
    private readonly HashSet<ulong> _changedReferences = [];
    private readonly Dictionary<RecordKey, IssueRecord> _issues = [];
    private readonly Dictionary<StreamKey, PageTable> _pages = [];
    private readonly List<SkippedItem> _skipped = [];
    private readonly List<FailedItem> _failed = [];
    private readonly List<string> _fullOnly = [];
    private readonly List<string> _changedWhileRead = [];
    private long _files;
    private long _directories;
    private long _logicalBytes;
    private long _allocatedBytes;

    public IReadOnlyList<SkippedItem> Skipped => _skipped;

    public IReadOnlyList<FailedItem> Failed => _failed;

    public IReadOnlyList<string> FullOnly => _fullOnly;

    public IReadOnlyList<string> ChangedWhileRead => _changedWhileRead;

    public ProtectedTotals Totals => new(_files, _directories, _logicalBytes, _allocatedBytes);

    public void AddSkipped(SkippedItem item)
    {
        _skipped.Add(item);
        AddIssue(new IssueRecord(Failed: false, item.Path, item.Reason, item.Clause, item.Status, ""));
    }

    public void AddFailed(FailedItem item)
    {
        _failed.Add(item);
        AddIssue(new IssueRecord(Failed: true, item.Path, item.Reason, item.Clause, "", item.Message));
    }

    /// <summary>
    /// Takes an entry; false when it was taken already under another path, which happens when a source without true snapshots
    /// renames it between two parts of the listing.
    /// </summary>
    public bool AddEntry(EntryBackup entry, IReadOnlyList<StreamRecord> streams)
    {
        var source = entry.Plan.Entry;
        var key = RecordKey.OfEntry(source.FileReference);
        var index = previous.IndexOf(key);
        if (index >= 0 ? _seen[index] : _changedReferences.Contains(source.FileReference))
        {
            _changedWhileRead.Add(source.Path);
            return false;
        }

        Count(entry, streams);
        if (index >= 0)
        {
            _seen[index] = true;
        }

        var record = entry.ToRecord(streams);
        if (entry.Previous is { } before && RecordComparer.SameState(before, record))
        {
            KeepPages(source.FileReference, streams);
            return true;
        }

        Errors.Invariant.Require(_changedReferences.Add(source.FileReference));
        var full = RecordCodec.Encode(record, parent: null);
        _full.Add(new KeyedRecord(key, full));
        _delta.Add(new KeyedRecord(key, entry.Previous is null ? full : RecordCodec.Encode(record, entry.Previous)));
        KeepPages(source.FileReference, streams);
        return true;
    }

    public void SetPages(StreamKey key, PageTable table)
    {
        if (table.Count > 0)
        {
            _pages[key] = table;
        }
        else
        {
            _pages.Remove(key);
        }
    }

    public IReadOnlyDictionary<StreamKey, PageTable> Pages => _pages;

    /// <summary>The new state, and the records that lead to it from the previous one.</summary>
    public (RecordState State, IReadOnlyList<KeyedRecord> Delta) Build()
    {
        AddIssueChanges();
        for (var i = 0; i < _seen.Length; i++)
        {
            if (!_seen[i])
            {
                var gone = new KeyedRecord(previous.Records[i].Key, null);
                _full.Add(gone);
                _delta.Add(gone);
            }
        }

        _full.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        _delta.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        return (previous.ApplyFull(_full), _delta);
    }

    private void AddIssue(IssueRecord issue) => _issues[RecordKey.OfIssue(issue.Path)] = issue;

    private void AddIssueChanges()
    {
        foreach (var (key, issue) in _issues)
        {
            var index = previous.IndexOf(key);
            if (index >= 0)
            {
                _seen[index] = true;
            }

            var payload = RecordCodec.Encode(issue);
            if (index < 0 || !previous.Records[index].Payload.AsSpan().SequenceEqual(payload))
            {
                _full.Add(new KeyedRecord(key, payload));
                _delta.Add(new KeyedRecord(key, payload));
            }
        }
    }

    private void KeepPages(ulong fileReference, IReadOnlyList<StreamRecord> streams)
    {
        foreach (var stream in streams)
        {
            var key = new StreamKey(fileReference, stream.Name);
            if (previousPages.TryGetValue(key, out var table))
            {
                _pages.TryAdd(key, table);
            }
        }
    }

    private void Count(EntryBackup entry, IReadOnlyList<StreamRecord> streams)
    {
        _files += entry.Plan.Entry.Kind == EntryKind.File ? 1 : 0;
        _directories += entry.Plan.IsDirectory ? 1 : 0;
        foreach (var stream in streams)
        {
            _logicalBytes += stream.SizeBytes;
            _allocatedBytes += stream.AllocatedBytes;
        }

        if (entry.Plan.Verdict.Protection == Protection.FullOnly)
        {
            _fullOnly.Add(entry.Plan.Entry.Path);
        }

        if (entry.ChangedWhileRead)
        {
            _changedWhileRead.Add(entry.Plan.Entry.Path);
        }
    }
}
