namespace Harness.Simulator.Volume;

/// <summary>The names of files, and how they are told apart.</summary>
public abstract partial class VolumeView
{
    /// <summary>The file with an object id, under its first name (FILE_OPEN_BY_FILE_ID with 16 bytes); null when no file has it.</summary>
    public VolumeEntry? FindByObjectId(Guid objectId) =>
        ObjectIds.TryGetValue(objectId, out var index) ? Find(new FileReference(index, Records.Get(index).Sequence)) : null;

    /// <summary>Every name of a file, as paths in ordinal order.</summary>
    public IReadOnlyList<string> NamesOf(FileReference reference)
    {
        var entry = Find(reference) ?? throw VolumeError.Missing(reference.ToString());
        ref readonly var record = ref Records.Get((uint)reference.Index);
        var others = record.Extra?.MoreLinks ?? [];
        return
        [
            .. others.Select(link => PathOf(new Place((uint)reference.Index, link))).Append(entry.Path)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// Every name of a file with its namespace, short names included, as NTFS keeps them: hard links first, each followed by the
    /// short name that belongs to it.
    /// </summary>
    public IReadOnlyList<VolumeLink> LinksOf(FileReference reference)
    {
        _ = Find(reference) ?? throw VolumeError.Missing(reference.ToString());
        var index = (uint)reference.Index;
        ref readonly var record = ref Records.Get(index);
        var first = new FileLink(record.Parent, record.NameRef);
        var links = new List<VolumeLink>();
        foreach (var link in (record.Extra?.MoreLinks ?? []).Prepend(first))
        {
            var path = PathOf(new Place(index, link));
            links.Add(new VolumeLink(path, NamespaceOf(in record, link, VolumePath.Split(path).Name)));
            if (link == first && ShortNameOf(index) is { } shortName)
            {
                links.Add(new VolumeLink(Join(VolumePath.Split(path).Parent, shortName), LinkNamespace.Dos));
            }
        }

        return links;
    }

    private protected string? ShortNameOf(uint index) =>
        Records.Get(index).Extra?.Rare is { ShortName: not 0 and var name } ? Tables.Names.Get(name) : null;

    /// <summary>Whether names in a directory differ by case.</summary>
    private protected bool IsExact(uint directory) =>
        Settings.CaseSensitive || (Records.Get(directory).Flags & FileRecord.CaseSensitive) != 0;

    /// <summary>
    /// The namespace of a name: only the name that a file was made under, or renamed to from there, has to do with short names.
    /// </summary>
    private protected LinkNamespace NamespaceOf(ref readonly FileRecord record, FileLink link, ReadOnlySpan<char> name)
    {
        var isFirst = record.Parent == link.Parent && record.NameRef == link.NameRef;
        return !isFirst || (record.Flags & FileRecord.FurtherFirst) != 0 || IsExact(link.Parent) ? LinkNamespace.Posix
            : record.Extra?.Rare is { ShortName: not 0 } ? LinkNamespace.Win32
            : ShortNames.IsLegal(name) ? LinkNamespace.Win32AndDos
            : LinkNamespace.Posix;
    }

    internal string PathOf(Place place)
    {
        var names = new List<string>();
        while (place.Index != RootIndex)
        {
            names.Add(Tables.Names.Get(place.Link.NameRef));
            ref readonly var parent = ref Records.Get(place.Link.Parent);
            place = new Place(place.Link.Parent, new FileLink(parent.Parent, parent.NameRef));
        }

        names.Reverse();
        return string.Join('/', names);
    }

    private RareEntryParts Parts(uint index, ref readonly FileRecord record, FileLink link, RareMetadata rare) => new(
        rare.ShortName != 0 && record.Parent == link.Parent && record.NameRef == link.NameRef ? ShortNameOf(index) : null,
        rare.ReparseGuid != Guid.Empty ? rare.ReparseGuid : null,
        rare.ObjectId,
        rare.Attributes);
}
