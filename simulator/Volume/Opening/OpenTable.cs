namespace Harness.Simulator.Volume.Opening;

/// <summary>
/// The open files of a volume by record: share modes (MS-FSA 2.1.5.1.2.2), deletes that wait, byte-range locks. Holds
/// nothing for files that nobody has open. The volume's thread only.
/// </summary>
internal sealed class OpenTable
{
    private readonly Dictionary<uint, OpenedFile> _files = [];

    public bool IsEmpty => _files.Count == 0;

    public OpenedFile? Find(uint index) => _files.Count == 0 ? null : _files.GetValueOrDefault(index);

    public OpenedFile Add(VolumeHandle handle)
    {
        var index = (uint)handle.Reference.Index;
        if (!_files.TryGetValue(index, out var file))
        {
            _files.Add(index, file = new OpenedFile());
        }

        file.Handles.Add(handle);
        return file;
    }

    public void Remove(uint index) => _files.Remove(index);

    /// <summary>Whether a further open of a stream may stand beside those there are.</summary>
    /// <param name="index">Record.</param>
    /// <param name="stream">Stream.</param>
    /// <param name="access">Data access; none at all conflicts with nothing.</param>
    /// <param name="share">What it shares.</param>
    /// <param name="deletes">Whether it has the DELETE right.</param>
    public NtStatus Check(uint index, string stream, FileAccess access, FileShare share, bool deletes)
    {
        if (Find(index) is not { } file || (access == default && !deletes))
        {
            return NtStatus.Success;
        }

        foreach (var other in file.Handles)
        {
            if (other.HoldsNothing)
            {
                continue;
            }

            // Who deletes the file deletes all its streams.
            var conflicts = other.IsOf(stream)
                ? !Allows(other.Share, access, deletes) || !Allows(share, other.Access, other.Deletes)
                : (stream.Length == 0 && !Allows(other.Share, default, deletes))
                    || (other.IsOf("") && !Allows(share, default, other.Deletes));
            if (conflicts)
            {
                return NtStatus.SharingViolation;
            }
        }

        return NtStatus.Success;
    }

    /// <summary>Whether anything strictly below a directory is open by a name there.</summary>
    public bool IsOpenBelow(SimVolume volume, uint directory)
    {
        foreach (var file in _files.Values)
        {
            if (!file.IsOrphan && file.Handles.Exists(handle => IsBelow(volume, handle.Link.Parent, directory)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBelow(SimVolume volume, uint at, uint directory)
    {
        while (at != VolumeView.RootIndex && at != directory)
        {
            at = volume.RecordAt(at).Parent;
        }

        return at == directory;
    }

    private static bool Allows(FileShare share, FileAccess access, bool deletes) =>
        (!access.HasFlag(FileAccess.Read) || (share & FileShare.Read) != FileShare.None)
        && (!access.HasFlag(FileAccess.Write) || (share & FileShare.Write) != FileShare.None)
        && (!deletes || (share & FileShare.Delete) != FileShare.None);
}
