using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Opening;

/// <summary>
/// The open files of a volume by record: share modes (MS-FSA 2.1.5.1.2.2), deletes that wait, byte-range locks. Holds
/// nothing for files that nobody has open. Within the volume's lock.
/// </summary>
internal sealed class OpenFileTable
{
    private readonly Dictionary<uint, OpenFile> _files = [];

    public OpenFile? Find(uint index) => _files.GetValueOrDefault(index);

    /// <summary>Whether a further open of a stream may stand beside those there are.</summary>
    public Win32Error Check(uint index, string stream, FileAccess access, FileShare share, bool deletes)
    {
        if (Find(index) is not { } file)
        {
            return Win32Error.None;
        }

        if (file.IsDeletePending)
        {
            return Win32Error.AccessDenied;
        }

        foreach (var other in file.Handles)
        {
            if (other.IsOf(stream)
                && (!Allows(other.Share, access, deletes) || !Allows(share, other.Access, other.DeletesOnClose)))
            {
                return Win32Error.SharingViolation;
            }
        }

        return Win32Error.None;
    }

    /// <summary>Whether all who have any stream of a file open allow its deletion or renaming.</summary>
    public Win32Error CheckDelete(uint index)
    {
        if (Find(index) is not { } file)
        {
            return Win32Error.None;
        }

        return file.IsDeletePending ? Win32Error.AccessDenied
            : file.Handles.TrueForAll(handle => (handle.Share & FileShare.Delete) != FileShare.None) ? Win32Error.None
            : Win32Error.SharingViolation;
    }

    /// <summary>Whether anything at or below a directory is open.</summary>
    public bool IsOpenBelow(SimVolume volume, uint directory)
    {
        foreach (var index in _files.Keys)
        {
            var at = index;
            while (at != VolumeView.RootIndex && at != directory)
            {
                at = volume.RecordAt(at).Parent;
            }

            if (at == directory)
            {
                return true;
            }
        }

        return false;
    }

    public void Add(FileHandle handle)
    {
        if (!_files.TryGetValue(handle.Index, out var file))
        {
            _files.Add(handle.Index, file = new OpenFile());
        }

        file.Handles.Add(handle);
    }

    /// <summary>Removes a handle; returns its file when that was the last one.</summary>
    public OpenFile? Remove(FileHandle handle)
    {
        var file = _files[handle.Index];
        file.Handles.Remove(handle);
        file.Locks.RemoveAll(range => ReferenceEquals(range.Owner, handle));
        return file.Handles.Count == 0 && _files.Remove(handle.Index) ? file : null;
    }

    private static bool Allows(FileShare share, FileAccess access, bool deletes) =>
        (!access.HasFlag(FileAccess.Read) || (share & FileShare.Read) != FileShare.None)
        && (!access.HasFlag(FileAccess.Write) || (share & FileShare.Write) != FileShare.None)
        && (!deletes || (share & FileShare.Delete) != FileShare.None);
}

/// <summary>One file that is open at least once.</summary>
internal sealed class OpenFile
{
    public List<FileHandle> Handles { get; } = [];

    public List<LockedRange> Locks { get; } = [];

    /// <summary>Path by which it was deleted, while the name stays until the last handle is closed.</summary>
    public string? PendingPath { get; set; }

    /// <summary>Its last name is gone; the record goes with the last handle.</summary>
    public bool IsOrphan { get; set; }

    public bool IsDeletePending => PendingPath is not null;
}

/// <summary>Bytes that one handle has locked (LockFile: exclusive).</summary>
internal readonly record struct LockedRange(FileHandle Owner, string Stream, long From, long Length)
{
    public bool Overlaps(string stream, long from, long length) =>
        Stream.Equals(stream, StringComparison.OrdinalIgnoreCase) && from - From < Length && From - from < length;
}
