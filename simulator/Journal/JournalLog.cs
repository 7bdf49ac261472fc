using Harness.Simulator.Volume;

namespace Harness.Simulator.Journal;

/// <summary>One instance of a journal: the records, their bounds, and the last USN of each file. The volume's thread only.</summary>
internal sealed class JournalLog(ulong id, NameStore names)
{
    private const int PageFiles = 1024;

    private readonly List<long[]?> _lastUsns = [];
    private JournalSegment? _first;
    private JournalSegment? _last;
    private long _firstUsn;
    private long _nextUsn;

    /// <summary>Where the journal's allocation begins: a multiple of the delta, at or before the first record.</summary>
    private long _start;

    public ulong Id { get; } = id;

    public required JournalSettings Settings { get; set; }

    public RangeTracking? Tracking { get; set; }

    public long NextUsn => _nextUsn;

    /// <summary>Where the allocated part of the journal begins.</summary>
    public long Start => _start;

    public JournalView Freeze() => new(
        new JournalInfo
        {
            JournalId = Id,
            FirstUsn = _firstUsn,
            NextUsn = _nextUsn,
            MaximumSizeBytes = Settings.MaximumSizeBytes,
            AllocationDeltaBytes = Settings.AllocationDeltaBytes,
            RangeTracking = Tracking,
        },
        names,
        _first);

    /// <summary>Appends a record, which gets the next USN; then trims.</summary>
    public long Append(in JournalEntry entry)
    {
        var usn = _nextUsn;
        var segment = _last is { Count: < JournalSegment.Capacity } ? _last : new JournalSegment();
        segment.Entries[segment.Count] = entry with { Usn = usn };
        segment.Count++;
        if (!ReferenceEquals(segment, _last))
        {
            // A segment is linked when it holds its first record, as readers look at that.
            _first ??= segment;
            _last?.Next = segment;
            _last = segment;
        }

        _nextUsn += entry.Length;
        SetLastUsn(new FileReference(entry.File), usn);
        Trim();
        return usn;
    }

    /// <summary>The last record of a file; 0 when it has none in this instance.</summary>
    public long LastUsn(uint index)
    {
        var page = (int)(index / PageFiles);
        return page < _lastUsns.Count ? _lastUsns[page]?[index % PageFiles] ?? 0 : 0;
    }

    private void SetLastUsn(FileReference file, long usn)
    {
        var page = (int)(file.Index / PageFiles);
        while (page >= _lastUsns.Count)
        {
            _lastUsns.Add(null);
        }

        (_lastUsns[page] ??= new long[PageFiles])[file.Index % PageFiles] = usn;
    }

    /// <summary>Beyond maximum and delta, whole deltas go from the front until the rest is within the maximum.</summary>
    private void Trim()
    {
        var delta = Settings.AllocationDeltaBytes;
        if (_nextUsn - _start <= Settings.MaximumSizeBytes + delta)
        {
            return;
        }

        while (_nextUsn - _start > Settings.MaximumSizeBytes)
        {
            _start += delta;
        }

        while (_first!.Next is { } next && next.Entries[0].Usn <= _start)
        {
            _first = next;
        }

        _firstUsn = _nextUsn;
        for (var i = _first.Count - 1; i >= 0 && _first.Entries[i].Usn >= _start; i--)
        {
            _firstUsn = _first.Entries[i].Usn;
        }

        _firstUsn = _firstUsn == _nextUsn && _first.Next is { } following ? following.Entries[0].Usn : _firstUsn;
    }
}
