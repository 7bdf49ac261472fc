using Harness.Simulator.Journal;
using Harness.Simulator.Volume.Opening;

namespace Harness.Simulator.Volume;

/// <summary>
/// An open file, directory or stream. It names the file by its record, so that renames do not touch it, and it keeps a file
/// whose name is gone. While it is open its share mode binds others (MS-FSA 2.1.5.1.2.2), and the reasons of its file
/// accumulate in the change journal: closing the last handle writes the close record (MS-FSCC 2.3.62.2).
/// </summary>
/// <remarks>
/// Refusals are <see cref="VolumeStatusException"/>, a full volume VolumeFull. Snapshots know nothing of handles. The volume's
/// thread only.
/// </remarks>
public sealed class VolumeHandle : IDisposable
{
    private readonly SimVolume _volume;
    private readonly SequentialBuffer _written = new();

    internal VolumeHandle(
        SimVolume volume, FileReference reference, FileLink link, string stream, FileAccess access, FileShare share, OpenOptions options)
    {
        _volume = volume;
        Reference = reference;
        Link = link;
        Stream = stream;
        Access = access;
        Share = share;
        Options = options;
    }

    /// <summary>The file.</summary>
    public FileReference Reference { get; }

    /// <summary>The stream; "" is the unnamed one, and all there is of a directory.</summary>
    public string Stream { get; }

    /// <summary>What it may do with data; 0 is attributes only, which conflicts with nothing.</summary>
    public FileAccess Access { get; }

    /// <summary>What others may do meanwhile.</summary>
    public FileShare Share { get; }

    /// <summary>How it was opened.</summary>
    public OpenOptions Options { get; }

    /// <summary>Whether it was closed; nothing else works then.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Size of the stream now.</summary>
    public long SizeBytes => State().Size;

    /// <summary>
    /// Who changes the file by this handle (FSCTL_MARK_HANDLE). A record carries what all open handles of its file agree on.
    /// </summary>
    public UsnSourceInfo SourceInfo { get; private set; }

    /// <summary>The name by which it was opened, whatever it is called now.</summary>
    internal FileLink Link { get; set; }

    internal bool Deletes => (Options & (OpenOptions.Delete | OpenOptions.DeleteOnClose)) != OpenOptions.None;

    internal bool HoldsNothing => Access == default && !Deletes;

    /// <summary>Closing it takes the name away at once, whoever else holds the file.</summary>
    internal bool RemovesName { get; set; }

    /// <summary>Marks the handle; marks add up.</summary>
    public void Mark(UsnSourceInfo source)
    {
        RequireOpen();
        SourceInfo |= source;
    }

    /// <summary>Reads until the buffer is full or the stream ends; returns the bytes read. Locked ranges are refused.</summary>
    public int Read(long offset, Span<byte> buffer)
    {
        RequireRight(FileAccess.Read);
        RequireUnlocked(offset, buffer.Length, writes: false);
        return _volume.Read(State(), offset, buffer);
    }

    /// <summary>Writes; beyond the end it extends the stream, and the gap reads as zeros. Locked ranges are refused.</summary>
    public void Write(long offset, ReadOnlySpan<byte> content)
    {
        RequireRight(FileAccess.Write);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (content.IsEmpty)
        {
            return;
        }

        RequireUnlocked(offset, content.Length, writes: true);
        var start = _written.Store(offset, content);
        _volume.WriteAt((uint)Reference.Index, Stream, offset, _written.Bytes, start, content.Length);
    }

    /// <summary>Sets the size (SetEndOfFile). Cutting a mapped stream is refused; locks are not asked, as on Windows.</summary>
    public void SetEndOfFile(long sizeBytes)
    {
        RequireRight(FileAccess.Write);
        _volume.RequireNotMapped(Name, (uint)Reference.Index, Stream, State().Size, sizeBytes);
        _volume.SetEndAt((uint)Reference.Index, Stream, sizeBytes);
    }

    /// <summary>
    /// Locks a range against other handles, at once or not at all (MS-FSA 2.1.5.8 with FailImmediately). It may lie beyond the
    /// end, be empty, and reach to 2^64. Closing the handle unlocks.
    /// </summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="exclusive">False locks against writers only, this handle among them.</param>
    public void Lock(ulong offset, ulong length, bool exclusive = true)
    {
        RequireLockable(offset, length);
        var wanted = new ByteRangeLock(this, Stream, offset, length, exclusive);
        var locks = _volume.OpenedFileOf(this).Locks;
        if (!locks.Grants(wanted))
        {
            throw Refused(NtStatus.LockNotGranted);
        }

        locks.Add(wanted);
    }

    /// <summary>Unlocks exactly one range that was locked (MS-FSA 2.1.5.9), of an exclusive and a shared one the exclusive.</summary>
    public void Unlock(ulong offset, ulong length)
    {
        RequireLockable(offset, length);
        if (!_volume.OpenedFileOf(this).Locks.Remove(this, Stream, offset, length))
        {
            throw Refused(NtStatus.RangeNotLocked);
        }
    }

    /// <summary>
    /// Deletes the name, or the named stream, by which this was opened (FileDispositionInformation, MS-FSA 2.1.5.15.3): from
    /// now on opens are refused with STATUS_DELETE_PENDING; the name goes as <paramref name="how"/> says.
    /// </summary>
    public void Delete(DeleteBehavior how = DeleteBehavior.NameGoesAtOnce)
    {
        RequireOpen();
        _volume.SetDisposition(this, deletes: true);
        RemovesName = how == DeleteBehavior.NameGoesAtOnce;
    }

    /// <summary>Takes <see cref="Delete"/> back, of whichever handle, while the name is still there.</summary>
    public void Undelete()
    {
        RequireOpen();
        _volume.SetDisposition(this, deletes: false);
        RemovesName = false;
    }

    /// <summary>Maps the stream.</summary>
    public VolumeSection Map()
    {
        RequireRight(FileAccess.Read);
        var section = new VolumeSection(_volume, Reference, Stream);
        _volume.OpenedFileOf(this).Sections.Add(section);
        return section;
    }

    /// <summary>Closes it: its locks go, and what it deleted. Closing again does nothing.</summary>
    public void Dispose()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            _volume.Close(this);
        }
    }

    internal bool IsOf(string stream) => Stream.Equals(stream, StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses what another handle, or a shared lock, has locked.</summary>
    internal void RequireUnlocked(long offset, long length, bool writes)
    {
        if (!_volume.OpenedFileOf(this).Locks.Allows(this, Stream, offset, length, writes))
        {
            throw Refused(NtStatus.FileLockConflict);
        }
    }

    /// <summary>The stream as it is now.</summary>
    internal StreamState State()
    {
        RequireOpen();
        return _volume.Stream(Reference, Stream) ?? throw VolumeError.Missing(Name);
    }

    private string Name => _volume.NameOf(this);

    private VolumeStatusException Refused(NtStatus status) => new(status, Name);

    private void RequireLockable(ulong offset, ulong length)
    {
        RequireOpen();
        if (_volume.RecordAt((uint)Reference.Index).IsDirectory && Stream.Length == 0)
        {
            throw Refused(NtStatus.InvalidParameter);
        }

        if (length != 0 && offset > ulong.MaxValue - (length - 1))
        {
            throw Refused(NtStatus.InvalidLockRange);
        }
    }

    private void RequireRight(FileAccess access)
    {
        RequireOpen();
        if (!Access.HasFlag(access))
        {
            throw Refused(NtStatus.AccessDenied);
        }
    }

    private void RequireOpen() => ObjectDisposedException.ThrowIf(IsClosed, this);
}
