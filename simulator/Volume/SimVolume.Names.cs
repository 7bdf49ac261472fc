using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>Renaming and deleting.</summary>
public sealed partial class SimVolume
{
    /// <summary>
    /// Renames or moves one name; the file reference stays, and a file is marked for archiving. The target must not exist,
    /// unless it is the same name in other case. A directory cannot move below itself.
    /// </summary>
    public void Rename(string path, string newPath)
    {
        RequireWritable(path);
        ArgumentNullException.ThrowIfNull(newPath);
        var place = Require(path);
        RequireNotRoot(path, place);
        RequireMovable(path, place);
        var oldName = Tables.Names.Get(place.Link.NameRef);
        if (IsSamePlace(place, newPath))
        {
            RenameInPlace(place, oldName, VolumePath.Split(newPath).Name);
            return;
        }

        var parent = NewName(newPath, out var name, place.Index);
        for (var above = parent; above != RootIndex; above = Records.Get(above).Parent)
        {
            if (above == place.Index)
            {
                throw VolumeError.Refused(path, $"a directory cannot move below itself, to '{newPath}'", "Choose another place.");
            }
        }

        Relink(place, oldName, parent, name);
    }

    /// <summary>
    /// Deletes one name; with the last one goes the file and its record, which is used again under the next sequence number.
    /// A directory must be empty, and nothing may be read-only. Of <c>path:stream</c> only the stream goes.
    /// </summary>
    /// <param name="path">File, directory, or file and stream.</param>
    /// <param name="how">What becomes of the name of a file that others have open and share for deletion.</param>
    public void Delete(string path, DeleteBehavior how = DeleteBehavior.NameGoesAtOnce)
    {
        RequireWritable(path);
        var target = VolumePath.Parse(path, Settings);
        var place = Require(target.File);
        RequireNotRoot(path, place);
        if (target.Stream.Length > 0)
        {
            RequireSharing(path, place.Index, target.Stream, default, deletes: true);
            RemoveStream(path, place.Index, target.Stream);
            return;
        }

        ref readonly var record = ref Records.Get(place.Index);
        if (record.Extra?.Children is { Count: > 0 })
        {
            throw VolumeError.Refused(path, "the directory is not empty", "Delete what is in it first.");
        }

        if ((record.Attributes & FileAttributes.ReadOnly) != FileAttributes.None)
        {
            throw VolumeError.Refused(path, "it is read-only", "Clear the attribute first.");
        }

        RequireSharing(path, place.Index, "", default, deletes: true);
        Remove(place, how);
    }

    /// <summary>Deletes a file, or a directory with everything below it.</summary>
    public void DeleteTree(string path)
    {
        foreach (var child in List(path).ToArray())
        {
            if (child is { IsDirectory: true })
            {
                DeleteTree(child.Path);
            }
            else
            {
                Delete(child.Path);
            }
        }

        Delete(path);
    }

    private static void RequireNotRoot(string path, Place place)
    {
        if (place.Index == RootIndex)
        {
            throw VolumeError.Refused(path, "the root can be neither renamed nor deleted", "Choose another path.");
        }
    }

    private bool IsSamePlace(Place place, string newPath) => Locate(newPath) is { } there && there == place;

    private void RenameInPlace(Place place, string oldName, string name)
    {
        if (!name.Equals(oldName, StringComparison.Ordinal))
        {
            Relink(place, oldName, place.Link.Parent, name);
        }
    }

    private void Relink(Place place, string oldName, uint parent, ReadOnlySpan<char> name)
    {
        var now = Tick();
        var link = new FileLink(parent, Tables.Names.Add(name));
        var isFirst = IsFirstMade(place);
        var isDirectory = Records.Get(place.Index).IsDirectory;
        var tunnelled = isDirectory || (parent == place.Link.Parent && name.Equals(oldName, StringComparison.OrdinalIgnoreCase))
            ? null
            : FromTunnel(parent, name, now);
        KeepForTunnel(place.Index, place.Link, oldName, now);
        DropShortName(place.Index, place.Link);
        EditChildren(place.Link.Parent).Remove(oldName);
        EditChildren(parent).Add(name, new DirectoryItem(place.Index, link.NameRef));
        ReplaceLink(place, link);
        if (isFirst)
        {
            NameAdded(place.Index, link, name, tunnelled?.ShortName);
        }

        Opens.Find(place.Index)?.Rename(place.Link, link);
        ref var record = ref _tree.Edit(place.Index);
        record.Changed = now;
        if (tunnelled is { } gone)
        {
            record.Created = gone.Created;
        }

        if (!isDirectory)
        {
            record.Attributes |= FileAttributes.Archive;
        }

        TouchList(place.Link.Parent, now);
        TouchList(parent, now);
        PostRename(place, link);
        RestoreObjectId(place.Index, tunnelled);
    }

    private void ReplaceLink(Place place, FileLink link)
    {
        ref var record = ref _tree.Edit(place.Index);
        if (IsFirst(in record, place.Link))
        {
            record.Parent = link.Parent;
            record.NameRef = link.NameRef;
        }
        else
        {
            record.Extra = record.Extra! with
            {
                MoreLinks = [.. record.Extra.MoreLinks.Select(other => other == place.Link ? link : other)],
            };
        }
    }

    private void RemoveLink(Place place, long now)
    {
        ref var record = ref _tree.Edit(place.Index);
        var others = record.Extra!.MoreLinks;
        if (IsFirst(in record, place.Link))
        {
            record.Parent = others[0].Parent;
            record.NameRef = others[0].NameRef;
            record.Flags |= FileRecord.FurtherFirst;
            others = others[1..];
        }
        else
        {
            others = [.. others.Where(other => other != place.Link)];
        }

        record.Extra = Compact(record.Extra with { MoreLinks = others });
        record.LinkCount--;
        record.Changed = now;
    }

    private static bool IsFirst(ref readonly FileRecord record, FileLink link) =>
        record.Parent == link.Parent && record.NameRef == link.NameRef;

    private void Free(uint index)
    {
        ref readonly var record = ref Records.Get(index);
        if (record.IsDirectory)
        {
            _directories--;
        }
        else
        {
            _files--;
            var main = Stream(in record, "")!;
            _used -= main.TotalBytes;
            Quotas.Charge(record.SecurityId, -Quotas.Charged(main));
        }

        foreach (var stream in record.Extra?.Streams ?? [])
        {
            _used -= stream.State.TotalBytes;
            Quotas.Charge(record.SecurityId, -Quotas.Charged(stream.State));
        }

        if (record.Extra?.Rare?.ObjectId is { } objectId)
        {
            _objectIds = _objectIds.Remove(objectId.ObjectId);
        }

        ref var slot = ref _tree.Edit(index);
        var next = slot.Sequence == ushort.MaxValue ? (ushort)1 : (ushort)(slot.Sequence + 1);
        slot = new FileRecord { Sequence = next };
        _freeIndexes.Enqueue(index, index);
    }

    private void DeleteStream(string path, uint index, string name)
    {
        var state = Stream(in Records.Get(index), name) ?? throw VolumeError.Missing(path);
        _used -= state.TotalBytes;
        Quotas.Charge(Records.Get(index).SecurityId, -Quotas.Charged(state));
        var comparison = Settings.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        ref var record = ref _tree.Edit(index);
        record.Extra = Compact(record.Extra! with
        {
            Streams = [.. record.Extra.Streams.Where(stream => !stream.Name.Equals(name, comparison))],
        });
        DropUnusedEfsInfo(index);
        TouchData(index);
        Post(index, UsnReason.StreamChange);
    }
}
