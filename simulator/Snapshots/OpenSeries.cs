using Harness.Simulator.Journal;

namespace Harness.Simulator.Snapshots;

/// <summary>
/// Where a reader of a change journal must go on so that it misses nothing. A reason that a file's open series has already is
/// not written again: a file that stays open across a backup may change after it without a record until it is closed. So the
/// next reader starts at the first record of the oldest series that is not closed. One logical thread.
/// </summary>
internal sealed class OpenSeries
{
    private readonly Dictionary<ulong, long> _open = [];
    private ulong _journalId;
    private long _next;

    /// <summary>The USN from which a later reader sees every change after this state.</summary>
    public long StartOf(JournalView journal)
    {
        var info = journal.Query();
        if (info.JournalId != _journalId || _next < info.FirstUsn)
        {
            _open.Clear();
            (_journalId, _next) = (info.JournalId, info.FirstUsn);
        }

        foreach (var record in journal.ReadToEnd(new JournalQuery { JournalId = _journalId, StartUsn = _next, MaxMajorVersion = 3 }))
        {
            if (record.IsClose)
            {
                _open.Remove(record.File.Value);
            }
            else
            {
                _open.TryAdd(record.File.Value, record.Usn);
            }
        }

        _next = info.NextUsn;
        return _open.Count == 0 ? _next : _open.Values.Min();
    }
}
