using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>
/// Short names: made with the name that a file is created or renamed to, gone with it. A further hard link has none, and a file
/// has one at most, as on NTFS.
/// </summary>
public sealed partial class SimVolume
{
    /// <summary>
    /// Gives the name of a path another short name (FileShortNameInformation, MS-FSA 2.1.5.15.13); "" takes it away. Refused
    /// where the volume makes no short names, for what is no 8.3 name, a name in use, and further hard links. A volume that is
    /// case-sensitive as a whole, as the drivers of Linux show NTFS, makes none by itself and takes them.
    /// </summary>
    public void SetShortName(string path, string shortName)
    {
        ArgumentNullException.ThrowIfNull(shortName);
        RequireWritable(path);
        RequireFeature(path, VolumeFeatures.ShortNames);
        var place = Require(path);
        RequireNotRoot(path, place);
        var name = shortName.ToUpperInvariant();
        var present = ShortNameOf(place.Index);
        var reason = !Settings.MakesShortNames ? "short names are not enabled on the volume (NtfsDisable8dot3NameCreation)"
            : name.Length > 0 && !ShortNames.IsLegal(name) ? $"'{shortName}' is no 8.3 name"
            : !IsFirstMade(place) ? "a further hard link has no short name"
            : (Records.Get(place.Link.Parent).Flags & FileRecord.CaseSensitive) != 0 ? "names in a case-sensitive directory have no short names"
            : name.Length > 0 && name != present && IsTaken(place.Link.Parent, name, place.Index)
                ? $"the short name '{name}' is in use in its directory"
                : null;
        if (reason is not null)
        {
            throw VolumeError.Refused(path, reason, "See MS-FSA 2.1.5.15.13.");
        }

        if (name == present || (name.Length == 0 && present is null))
        {
            return;
        }

        var old = RareOf(place.Index).ShortName;
        DropShortName(place.Index, place.Link);
        if (name.Length > 0)
        {
            KeepShortName(place.Index, place.Link.Parent, name);
        }

        _tree.Edit(place.Index).Changed = Tick();
        var now = RareOf(place.Index).ShortName;
        if (old != 0)
        {
            Post(place.Index, UsnReason.RenameOldName, place.Link with { NameRef = old });
        }

        if (now != 0)
        {
            Post(place.Index, UsnReason.RenameNewName, place.Link with { NameRef = now });
        }
    }

    /// <summary>Takes the short name of a path away; without one nothing happens.</summary>
    public void RemoveShortName(string path) => SetShortName(path, "");

    /// <summary>A name was added to a directory: the first one of a file gets its short name.</summary>
    private void NameAdded(uint index, FileLink link, ReadOnlySpan<char> name, string? kept = null)
    {
        if (!Settings.MakesShortNames || IsExact(link.Parent) || ShortNames.IsLegal(name))
        {
            return;
        }

        if (kept is not null && !IsTaken(link.Parent, kept, index))
        {
            KeepShortName(index, link.Parent, kept);
            return;
        }

        foreach (var candidate in ShortNames.Candidates(name.ToString()))
        {
            if (!IsTaken(link.Parent, candidate, index))
            {
                KeepShortName(index, link.Parent, candidate);
                return;
            }
        }
    }

    /// <summary>A name is about to go; its short name goes with it.</summary>
    private void DropShortName(uint index, FileLink link)
    {
        ref readonly var record = ref Records.Get(index);
        if (record.Extra?.Rare is not { ShortName: not 0 } rare || !IsFirst(in record, link))
        {
            return;
        }

        EditShortChildren(link.Parent).Remove(Tables.Names.Get(rare.ShortName));
        SetRare(index, rare with { ShortName = 0 });
    }

    private void KeepShortName(uint index, uint parent, string name)
    {
        var reference = Tables.Names.Add(name);
        SetRare(index, RareOf(index) with { ShortName = reference });
        EditShortChildren(parent).Add(name, new DirectoryItem(index, reference));
    }

    private DirectoryTree EditShortChildren(uint directory)
    {
        var rare = RareOf(directory);
        var children = rare.ShortChildren?.ForChange(_tree.Epoch) ?? new DirectoryTree(Tables.Names, true, _tree.Epoch);
        if (!ReferenceEquals(children, rare.ShortChildren))
        {
            SetRare(directory, rare with { ShortChildren = children });
        }

        return children;
    }

    /// <summary>Whether another file of a directory has a name, long or short.</summary>
    private bool IsTaken(uint directory, string name, uint index)
    {
        var extra = ExtraOf(directory);
        return (extra.Children!.Find(name) is { } named && named.File != index)
            || (extra.Rare?.ShortChildren?.Find(name) is { } shortNamed && shortNamed.File != index);
    }

    private bool IsFirstMade(Place place)
    {
        ref readonly var record = ref Records.Get(place.Index);
        return IsFirst(in record, place.Link) && (record.Flags & FileRecord.FurtherFirst) == 0;
    }
}
