using Harness.Engine.Model;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Journal;

/// <summary>
/// The change journal of a live volume: not active until it is made. Every operation of the volume posts to it (MS-FSA
/// 2.1.4.11); a USN is the offset of a record and advances by its length.
/// </summary>
/// <remarks>
/// Guarantees: the records of one file since its first handle was opened accumulate reasons and end in a close record with
/// all of them; USNs never go back within an instance. Leaves out: the page alignment of records, and waiting for new ones;
/// space on the volume it takes only where <see cref="VolumeSettings.ChargesInternalFiles"/> says so. Errors are <see cref="JournalException"/>. The volume's thread only; for
/// other threads there is <see cref="Freeze"/>.
/// </remarks>
public sealed class ChangeJournal
{
    private readonly SimVolume _volume;
    private readonly Dictionary<FileReference, OpenFile> _open = [];
    private JournalLog? _log;
    private bool _isDeleting;

    internal ChangeJournal(SimVolume volume) => _volume = volume;

    /// <summary>Whether operations post to it.</summary>
    public bool IsActive => _log is not null;

    /// <summary>
    /// Space of $UsnJrnl:$J, a sparse stream whose beginning is a hole: whole units from the oldest record that is kept on.
    /// </summary>
    public long AllocatedBytes
    {
        get
        {
            long unit = _volume.Settings.UnitBytes;
            return _log is null ? 0 : AllocationRules.RoundUp(_log.NextUsn, unit) - (_log.Start / unit * unit);
        }
    }

    /// <summary>
    /// Makes the journal (FSCTL_CREATE_USN_JOURNAL) and returns its id. An active one keeps its records and id and takes the
    /// new sizes.
    /// </summary>
    public ulong Create(JournalSettings? settings = null)
    {
        RequireNotDeleting();
        settings ??= new JournalSettings();
        settings.Validate();
        if ((_volume.Settings.Features & VolumeFeatures.ChangeJournal) == VolumeFeatures.None)
        {
            throw new JournalException(JournalError.InvalidFunction, "The file system has no change journal.");
        }

        if (_log is not null)
        {
            _log.Settings = settings;
            return _log.Id;
        }

        _log = new JournalLog(_volume.JournalTime(), _volume.Tables.Names) { Settings = settings };
        return _log.Id;
    }

    /// <summary>Deletes the journal and waits for it (FSCTL_DELETE_USN_JOURNAL with DELETE and NOTIFY).</summary>
    public void Delete(ulong journalId)
    {
        BeginDelete(journalId);
        CompleteDelete();
    }

    /// <summary>
    /// Begins to delete the journal, as Windows does in the background while it visits every file: until
    /// <see cref="CompleteDelete"/> every operation fails with DeleteInProgress.
    /// </summary>
    public void BeginDelete(ulong journalId)
    {
        var log = Require();
        RequireId(log, journalId);
        _log = null;
        _isDeleting = true;
        foreach (var file in _open.Values)
        {
            file.Reasons = UsnReason.None;
            file.Modified = null;
        }
    }

    /// <summary>Ends a deletion that was begun; without one it does nothing.</summary>
    public void CompleteDelete() => _isDeleting = false;

    /// <summary>Identity, bounds and settings (FSCTL_QUERY_USN_JOURNAL).</summary>
    public JournalInfo Query() => Require().Freeze().Query();

    /// <summary>The journal as it is now, for other threads and for later. O(1).</summary>
    public JournalView Freeze() => Require().Freeze();

    /// <summary>Reads records, see <see cref="JournalView.Read"/>.</summary>
    public JournalBatch Read(JournalQuery query) => Require().Freeze().Read(query);

    /// <summary>
    /// Begins to track modified ranges (FSCTL_USN_TRACK_MODIFIED_RANGES). Only deleting the journal and making it again ends
    /// that; records are of versions 3 and 4 from now on.
    /// </summary>
    public void TrackModifiedRanges(RangeTracking tracking)
    {
        ArgumentNullException.ThrowIfNull(tracking);
        var log = Require();
        tracking.Validate();
        log.Tracking = tracking;
    }

    /// <summary>
    /// Files in the order of their references whose last record is within bounds, the lower included, the upper too
    /// (FSCTL_ENUM_USN_DATA); where that fails with ERROR_HANDLE_EOF, this ends. A file without a record has USN 0. One record
    /// a file, under its first name: further hard links do not show, as on Windows.
    /// </summary>
    public IEnumerable<UsnRecord> Enumerate(
        long lowUsn = 0, long highUsn = long.MaxValue, FileReference start = default)
    {
        var log = Require();
        return _volume.RecordsFrom((uint)Math.Min(start.Index, uint.MaxValue))
            .Where(index => log.LastUsn(index) >= lowUsn && log.LastUsn(index) <= highUsn)
            .Select(index => Describe(log, index));
    }

    /// <summary>The last record of a file, with no reason (FSCTL_READ_FILE_USN_DATA).</summary>
    public UsnRecord ReadFile(string path) => Describe(Require(), (uint)_volume.Get(path).Reference.Index);

    /// <summary>
    /// Ends the series of an open file (FSCTL_WRITE_USN_CLOSE_RECORD): what accumulated is written with CLOSE, and begins anew.
    /// Returns the USN of the record.
    /// </summary>
    public long WriteCloseRecord(string path)
    {
        Require();
        var reference = _volume.Get(path).Reference;
        if (_open.TryGetValue(reference, out var file))
        {
            return WriteClose(reference, file);
        }

        return Write(reference, new OpenFile(), UsnReason.Close);
    }

    internal void Open(VolumeHandle handle, FileLink link)
    {
        if (!_open.TryGetValue(handle.Reference, out var file))
        {
            file = new OpenFile { Link = link };
            _open.Add(handle.Reference, file);
        }

        file.Handles.Add(handle);
    }

    internal void Close(VolumeHandle handle)
    {
        // A file that was deleted under its handles had its close record then.
        if (_open.TryGetValue(handle.Reference, out var file) && file.Handles.Remove(handle) && file.Handles.Count == 0)
        {
            _open.Remove(handle.Reference);
            CloseSeries(handle.Reference, file);
        }
    }

    /// <summary>An operation with one reason, or several that are posted together.</summary>
    internal void Post(FileReference reference, UsnReason reason, FileLink? link = null)
    {
        if (_log is not null && reason != UsnReason.None)
        {
            var file = Begin(reference, out var isOwn);
            Accumulate(reference, file, reason, link);
            End(reference, file, isOwn);
        }
    }

    /// <summary>An operation with two steps, each with a record of its own.</summary>
    internal void Post(FileReference reference, (UsnReason Reason, FileLink? Link) first, (UsnReason Reason, FileLink? Link) second)
    {
        if (_log is not null)
        {
            var file = Begin(reference, out var isOwn);
            Accumulate(reference, file, first.Reason, first.Link);
            Accumulate(reference, file, second.Reason, second.Link);
            End(reference, file, isOwn);
        }
    }

    /// <summary>A change of data; the range is noted where ranges are tracked.</summary>
    internal void PostData(FileReference reference, UsnReason reason, bool isUnnamed, long from, long to)
    {
        if (_log is null || reason == UsnReason.None)
        {
            return;
        }

        var file = Begin(reference, out var isOwn);
        if (_log.Tracking is { } tracking && isUnnamed && from < to)
        {
            var chunk = tracking.ChunkBytes;
            file.Modified ??= new RangeSet();
            file.Modified.Add(from / chunk * chunk, AllocationRules.RoundUp(to, chunk));
        }

        Accumulate(reference, file, reason, null);
        End(reference, file, isOwn);
    }

    /// <summary>The last name goes: one record deletes and closes. Called while the file is still there.</summary>
    internal void PostDelete(FileReference reference, FileLink link)
    {
        _open.Remove(reference, out var file);
        if (_log is not null)
        {
            file ??= new OpenFile();
            file.Link = link;
            Write(reference, file, file.Reasons | UsnReason.FileDelete | UsnReason.Close);
        }
    }

    private static void RequireId(JournalLog log, ulong journalId)
    {
        if (log.Id != journalId)
        {
            throw new JournalException(JournalError.InvalidParameter, $"The journal is {log.Id:X}, not {journalId:X}.");
        }
    }

    private OpenFile Begin(FileReference reference, out bool isOwn)
    {
        isOwn = !_open.TryGetValue(reference, out var file);
        return file ?? new OpenFile();
    }

    private void End(FileReference reference, OpenFile file, bool isOwn)
    {
        if (isOwn)
        {
            CloseSeries(reference, file);
        }
    }

    /// <summary>Writes a record when the reason is new. Each rename is: its records differ in name.</summary>
    private void Accumulate(FileReference reference, OpenFile file, UsnReason reason, FileLink? link)
    {
        const UsnReason Rename = UsnReason.RenameOldName | UsnReason.RenameNewName;
        file.Link = link ?? file.Link;
        if ((reason & ~file.Reasons) == UsnReason.None && (reason & Rename) == UsnReason.None)
        {
            return;
        }

        file.Reasons &= (reason & UsnReason.RenameOldName) != UsnReason.None ? ~UsnReason.RenameNewName : ~UsnReason.None;
        file.Reasons |= reason & ~UsnReason.RenameOldName;
        Write(reference, file, file.Reasons | reason);
    }

    private void CloseSeries(FileReference reference, OpenFile file)
    {
        if (_log is not null && file.Reasons != UsnReason.None)
        {
            WriteClose(reference, file);
        }
    }

    private long WriteClose(FileReference reference, OpenFile file)
    {
        var reasons = file.Reasons | UsnReason.Close;
        WriteRanges(reference, file, reasons);
        file.Reasons = UsnReason.None;
        return Write(reference, file, reasons);
    }

    private void WriteRanges(FileReference reference, OpenFile file, UsnReason reasons)
    {
        var modified = file.Modified;
        file.Modified = null;
        if (modified is null || _log!.Tracking is not { } tracking
            || _volume.Records.Get((uint)reference.Index).Size < tracking.FileSizeThresholdBytes)
        {
            return;
        }

        var left = modified.Ranges.Count;
        foreach (var run in modified.Ranges.Chunk(UsnLayout.MaxExtents))
        {
            left -= run.Length;
            _log.Append(Entry(reference, file, reasons) with
            {
                Version = 4,
                Length = UsnLayout.LengthOfExtents(run.Length),
                TimeStamp = 0,
                SecurityId = 0,
                Attributes = FileAttributes.None,
                RemainingExtents = left,
                Extents = [.. run.Select(range => new ByteRange(range.From, range.To - range.From))],
            });
        }
    }

    private long Write(FileReference reference, OpenFile file, UsnReason reason) =>
        _log!.Append(Entry(reference, file, reason));

    private JournalEntry Entry(FileReference reference, OpenFile file, UsnReason reason)
    {
        ref readonly var record = ref _volume.Records.Get((uint)reference.Index);
        var link = file.Link ?? new FileLink(record.Parent, record.NameRef);
        var version = VersionOf(_log!);
        return new JournalEntry
        {
            File = reference.Value,
            Parent = new FileReference(link.Parent, _volume.Records.Get(link.Parent).Sequence).Value,
            TimeStamp = _volume.LastTime,
            Reason = reason,
            Source = file.Source,
            SecurityId = record.SecurityId,
            Attributes = VolumeView.AttributesOf(in record),
            NameRef = link.NameRef,
            Length = UsnLayout.LengthOf(version, _volume.Tables.Names.Get(link.NameRef).Length),
            Version = version,
        };
    }

    private UsnRecord Describe(JournalLog log, uint index)
    {
        ref readonly var record = ref _volume.Records.Get(index);
        var name = _volume.Tables.Names.Get(record.NameRef);
        var version = VersionOf(log);
        return new UsnRecord
        {
            MajorVersion = version,
            RecordLength = UsnLayout.LengthOf(version, name.Length),
            File = new FileReference(index, record.Sequence),
            Parent = new FileReference(record.Parent, _volume.Records.Get(record.Parent).Sequence),
            Usn = log.LastUsn(index),
            Reason = UsnReason.None,
            SecurityId = record.SecurityId,
            Attributes = VolumeView.AttributesOf(in record),
            Name = name,
        };
    }

    /// <summary>NTFS writes version 2 until ranges are tracked; ReFS always version 3.</summary>
    private byte VersionOf(JournalLog log) =>
        log.Tracking is not null || _volume.Settings.FileSystem == FileSystemKind.Refs ? (byte)3 : (byte)2;

    private void RequireNotDeleting()
    {
        if (_isDeleting)
        {
            throw new JournalException(JournalError.DeleteInProgress, "The change journal is being deleted.");
        }
    }

    private JournalLog Require()
    {
        RequireNotDeleting();
        return _log ?? throw new JournalException(JournalError.NotActive, "The volume has no active change journal.");
    }
}
