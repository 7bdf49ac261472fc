using Harness.Simulator.Journal;
using Harness.Simulator.Volume.Opening;

namespace Harness.Simulator.Volume;

/// <summary>
/// Opening and closing, and what open handles mean for operations by path. Such an operation is an open of its own, with the
/// access it needs and every share, that is closed again at once. Looking at the volume by path (Find, List, Read) is none:
/// it is the view from outside that tests and oracles need, and asks no handle.
/// </summary>
public sealed partial class SimVolume
{
    private const FileShare ShareAll = FileShare.ReadWrite | FileShare.Delete;

    /// <summary>Who has what open.</summary>
    internal OpenTable Opens { get; } = new();

    /// <summary>
    /// Opens a file or directory for its attributes alone: that conflicts with nothing, and reasons in the change journal
    /// accumulate until it is closed.
    /// </summary>
    public VolumeHandle Open(string path)
    {
        var file = VolumePath.Parse(path, Settings).File;
        return OpenAt(path, Require(file), "", default, ShareAll, OpenOptions.None);
    }

    /// <summary>
    /// Opens what is there: a file, a directory, or a stream as <c>path:stream</c>. The share check is that of MS-FSA
    /// 2.1.5.1.2.2, for each stream by itself; the DELETE right on a file is on all its streams.
    /// </summary>
    /// <param name="path">Path on the volume.</param>
    /// <param name="access">What the handle may do with data; 0 is attributes only.</param>
    /// <param name="share">What others may do meanwhile.</param>
    /// <param name="options">The right to delete, and deletion on close.</param>
    /// <exception cref="VolumeStatusException">Another handle is in the way, or the name waits for its deletion.</exception>
    public VolumeHandle Open(string path, FileAccess access, FileShare share, OpenOptions options = OpenOptions.None)
    {
        var target = VolumePath.Parse(path, Settings);
        var place = Require(target.File);
        return OpenAt(path, place, StoredStream(path, place.Index, target.Stream), access, share, options);
    }

    internal VolumeHandle OpenAt(
        string path, Place place, string stream, FileAccess access, FileShare share, OpenOptions options)
    {
        var handle = new VolumeHandle(this, ReferenceOf(place.Index), place.Link, stream, access, share, options)
        {
            RemovesName = (options & OpenOptions.PosixDelete) != OpenOptions.None,
        };
        RequireOpenable(path, handle);
        var status = Opens.Find(place.Index) is { } file && file.IsPending(stream)
            ? NtStatus.DeletePending
            : Opens.Check(place.Index, stream, access, share, handle.Deletes);
        if (status != NtStatus.Success)
        {
            throw new VolumeStatusException(status, path);
        }

        Opens.Add(handle);
        Journal.Open(handle, place.Link);
        return handle;
    }

    /// <summary>Closes a handle: what was deleted by it, or waits for it, goes (MS-FSA 2.1.5.5).</summary>
    internal void Close(VolumeHandle handle)
    {
        var index = (uint)handle.Reference.Index;
        var file = Opens.Find(index)!;
        file.Handles.Remove(handle);
        file.Locks.RemoveAll(handle);
        if (!IsReadOnly && !IsOffline && !IsLocked)
        {
            Delete(handle, file);
        }

        Journal.Close(handle);
        Release(index, file);
    }

    internal void Unmap(VolumeSection section)
    {
        var index = (uint)section.Reference.Index;
        var file = Opens.Find(index)!;
        file.Sections.Remove(section);
        Release(index, file);
    }

    internal OpenedFile OpenedFileOf(VolumeHandle handle) => Opens.Find((uint)handle.Reference.Index)!;

    /// <summary>Path of what a handle has open, for refusals.</summary>
    internal string NameOf(VolumeHandle handle)
    {
        var index = (uint)handle.Reference.Index;
        var name = HasLink(index, handle.Link) ? PathOf(new Place(index, handle.Link)) : OpenFile;
        return handle.Stream.Length == 0 ? name : $"{name}:{handle.Stream}";
    }

    /// <summary>Whether a name was deleted and waits for its handles.</summary>
    internal bool IsDeletePending(Place place) => Opens.Find(place.Index) is { } file && file.IsPending(place.Link);

    /// <summary>FileDispositionInformation (MS-FSA 2.1.5.15.3).</summary>
    internal void SetDisposition(VolumeHandle handle, bool deletes)
    {
        var index = (uint)handle.Reference.Index;
        ref readonly var record = ref Records.Get(index);
        var file = Opens.Find(index)!;
        var status = !handle.Deletes ? NtStatus.AccessDenied
            : !deletes ? NtStatus.Success
            : (record.Attributes & FileAttributes.ReadOnly) != FileAttributes.None || file.IsMapped(handle.Stream)
                ? NtStatus.CannotDelete
            : handle.Stream.Length == 0 && record.Extra?.Children is { Count: > 0 } ? NtStatus.DirectoryNotEmpty
            : NtStatus.Success;
        if (status != NtStatus.Success)
        {
            throw new VolumeStatusException(status, NameOf(handle));
        }

        RequireWritable(NameOf(handle));
        SetPending(handle, file, deletes);
    }

    /// <summary>Refuses to cut a mapped stream.</summary>
    internal void RequireNotMapped(string path, uint index, string stream, long size, long newSize)
    {
        if (newSize < size && Opens.Find(index) is { } file && file.IsMapped(stream))
        {
            throw new VolumeStatusException(NtStatus.UserMappedFile, path);
        }
    }

    private static void SetPending(VolumeHandle handle, OpenedFile file, bool pending)
    {
        if (handle.Stream.Length == 0)
        {
            file.SetPending(handle.Link, pending);
        }
        else
        {
            file.SetPending(handle.Stream, pending);
        }
    }

    private void RequireOpenable(string path, VolumeHandle handle)
    {
        var index = (uint)handle.Reference.Index;
        ref readonly var record = ref Records.Get(index);
        var writes = handle.Access.HasFlag(FileAccess.Write);
        if (writes || handle.Deletes || (handle.Access != default && (IsOffline || IsLocked)))
        {
            RequireWritable(path);
        }

        var isReadOnly = !record.IsDirectory && (record.Attributes & FileAttributes.ReadOnly) != FileAttributes.None;
        var deletesOnClose = (handle.Options & OpenOptions.DeleteOnClose) != OpenOptions.None;
        if (isReadOnly && (writes || deletesOnClose))
        {
            throw new VolumeStatusException(writes ? NtStatus.AccessDenied : NtStatus.CannotDelete, path);
        }
    }

    /// <summary>The stream's name in the case in which it is stored.</summary>
    private string StoredStream(string path, uint index, string stream)
    {
        ref readonly var record = ref Records.Get(index);
        if (stream.Length == 0)
        {
            return "";
        }

        if (Stream(in record, stream) is null)
        {
            throw VolumeError.Missing(path);
        }

        var exact = Settings.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return Array.Find(record.Extra!.Streams, other => other.Name.Equals(stream, exact)).Name;
    }

    private void Delete(VolumeHandle handle, OpenedFile file)
    {
        var index = (uint)handle.Reference.Index;
        var hasLink = HasLink(index, handle.Link);
        var canDelete = handle.Stream.Length > 0 || Records.Get(index).Extra?.Children is not { Count: > 0 };
        if ((handle.Options & OpenOptions.DeleteOnClose) != OpenOptions.None && hasLink && canDelete)
        {
            SetPending(handle, file, pending: true);
        }

        if (handle.Stream.Length > 0 && file.IsPending(handle.Stream) && !file.IsOpen(handle.Stream))
        {
            file.SetPending(handle.Stream, pending: false);
            DeleteStream(OpenFile, index, handle.Stream);
        }

        var removesName = handle.RemovesName && handle.Stream.Length == 0;
        if (hasLink && file.IsPending(handle.Link) && (removesName || !file.IsOpenBy(handle.Link)))
        {
            Unlink(new Place(index, handle.Link));
        }
    }

    private void Release(uint index, OpenedFile file)
    {
        if (file.IsInUse)
        {
            return;
        }

        Opens.Remove(index);
        if (file.IsOrphan)
        {
            Free(index);
        }
    }

    private bool HasLink(uint index, FileLink link)
    {
        ref readonly var record = ref Records.Get(index);
        return record.LinkCount > 0
            && (IsFirst(in record, link) || Array.IndexOf(record.Extra?.MoreLinks ?? [], link) >= 0);
    }

    /// <summary>Takes a name away when its deletion was allowed: now, or when the handles opened by it are closed.</summary>
    private void Remove(Place place, DeleteBehavior how)
    {
        if (how == DeleteBehavior.NameStaysUntilClosed && Opens.Find(place.Index) is { } file && file.IsOpenBy(place.Link))
        {
            file.SetPending(place.Link, pending: true);
        }
        else
        {
            Unlink(place);
        }
    }

    private void RemoveStream(string path, uint index, string stream)
    {
        if (Opens.Find(index) is { } file && file.IsOpen(stream))
        {
            file.SetPending(stream, pending: true);
        }
        else
        {
            DeleteStream(path, index, stream);
        }
    }

    /// <summary>Takes a name away. With the last one goes the file, unless it is open: then it stays without a name.</summary>
    private void Unlink(Place place)
    {
        var path = PathForNotice(place);
        var isDirectory = Records.Get(place.Index).IsDirectory;
        var now = Tick();
        var file = Opens.Find(place.Index);
        file?.SetPending(place.Link, pending: false);
        var name = Tables.Names.Get(place.Link.NameRef);
        KeepForTunnel(place.Index, place.Link, name, now);
        DropShortName(place.Index, place.Link);

        // The link count may tell of names outside the volume's tree, as a captured one does; what counts here is the names.
        if (Records.Get(place.Index).Extra?.MoreLinks is { Length: > 0 })
        {
            RemoveLink(place, now);
            Journal.Post(ReferenceOf(place.Index), UsnReason.HardLinkChange, place.Link);
        }
        else
        {
            Journal.PostDelete(ReferenceOf(place.Index), place.Link);
            if (file is { IsInUse: true })
            {
                file.IsOrphan = true;
                ref var record = ref _tree.Edit(place.Index);
                record.LinkCount = 0;
                record.Changed = now;
            }
            else
            {
                Free(place.Index);
            }
        }

        EditChildren(place.Link.Parent).Remove(name);
        TouchList(place.Link.Parent, now);
        Watcher?.OnChanged();
        Notify(VolumeNotice.Deleted(path, isDirectory));
    }

    private void RequireNotPending(string path, Place place)
    {
        if (IsDeletePending(place))
        {
            throw new VolumeStatusException(NtStatus.DeletePending, path);
        }
    }

    /// <summary>Refuses an operation by path that an open handle does not share.</summary>
    private void RequireSharing(string path, uint index, string stream, FileAccess access, bool deletes = false)
    {
        if (Opens.IsEmpty)
        {
            return;
        }

        var file = Opens.Find(index);
        var status = file is not null && stream.Length > 0 && file.IsPending(stream) ? NtStatus.DeletePending
            : deletes && file is not null && file.IsMapped(stream) ? NtStatus.CannotDelete
            : Opens.Check(index, stream, access, ShareAll, deletes);
        if (status != NtStatus.Success)
        {
            throw new VolumeStatusException(status, path);
        }
    }

    /// <summary>Refuses to move or rename what is open without sharing deletion, or a directory with open files below.</summary>
    private void RequireMovable(string path, Place place)
    {
        RequireSharing(path, place.Index, "", default, deletes: true);
        if (!Opens.IsEmpty && Records.Get(place.Index).IsDirectory && Opens.IsOpenBelow(this, place.Index))
        {
            throw new VolumeStatusException(NtStatus.AccessDenied, path);
        }
    }

    /// <summary>EncryptFile and DecryptFile need a file for themselves.</summary>
    private void RequireNotOpen(string path, uint index)
    {
        if (Opens.Find(index) is { } file && file.Handles.Exists(handle => !handle.HoldsNothing))
        {
            throw new VolumeStatusException(NtStatus.SharingViolation, path);
        }
    }

    /// <summary>Refuses to write by path what a handle has locked.</summary>
    private void RequireUnlocked(string path, uint index, string stream, long offset, long length)
    {
        if (Opens.Find(index) is { } file && !file.Locks.Allows(null, stream, offset, length, writes: true))
        {
            throw new VolumeStatusException(NtStatus.FileLockConflict, path);
        }
    }
}
