using System.Collections.Immutable;
using Harness.Engine.Model;

namespace Harness.Simulator.Volume;

/// <summary>
/// Reads a volume, live or frozen. Paths are relative to the root with '/'; a stream is <c>path:stream</c>. What does not
/// exist, or is not of the asked kind, throws VolumeOperationInvalid. A frozen view may be read from any thread.
/// </summary>
public abstract partial class VolumeView
{
    /// <summary>Record index of the root directory, as on NTFS.</summary>
    internal const uint RootIndex = 5;

    private protected VolumeView(VolumeTables tables) => Tables = tables;

    /// <summary>Settings of the volume.</summary>
    public VolumeSettings Settings => Tables.Settings;

    /// <summary>Files, each counted once whatever its names.</summary>
    public abstract long FileCount { get; }

    /// <summary>Directories, the root included.</summary>
    public abstract long DirectoryCount { get; }

    /// <summary>Clusters in use, in bytes.</summary>
    public abstract long UsedBytes { get; }

    /// <summary>Free clusters, in bytes.</summary>
    public long FreeBytes => Math.Max(Settings.EffectiveCapacityBytes - UsedBytes, 0);

    internal VolumeTables Tables { get; }

    internal abstract RecordRoot Records { get; }

    /// <summary>Files by object id, as in $Extend/$ObjId.</summary>
    internal abstract ImmutableDictionary<Guid, uint> ObjectIds { get; }

    /// <summary>What is at a path, by the volume's case rule; null when nothing is.</summary>
    public VolumeEntry? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Locate(path) is { } place ? Entry(place.Index, place.Link, PathOf(place)) : null;
    }

    /// <summary>What is at a path; VolumeOperationInvalid when nothing is.</summary>
    public VolumeEntry Get(string path) => Find(path) ?? throw VolumeError.Missing(path);

    /// <summary>The file of a reference under its first name; null when it was deleted.</summary>
    public VolumeEntry? Find(FileReference reference)
    {
        if (reference.Index > uint.MaxValue)
        {
            return null;
        }

        ref readonly var record = ref Records.Get((uint)reference.Index);
        if (!record.IsInUse || record.LinkCount == 0 || record.Sequence != reference.Sequence)
        {
            return null;
        }

        var place = new Place((uint)reference.Index, new FileLink(record.Parent, record.NameRef));
        return Entry(place.Index, place.Link, PathOf(place));
    }

    /// <summary>The entries of one directory in ordinal order of name.</summary>
    public IEnumerable<VolumeEntry> List(string path)
    {
        var directory = Get(path);
        foreach (var item in Children((uint)directory.Reference.Index))
        {
            yield return Entry(
                item.File,
                new FileLink((uint)directory.Reference.Index, item.NameRef),
                Join(directory.Path, Tables.Names.Get(item.NameRef)));
        }
    }

    /// <summary>
    /// Everything below and including a path: a directory before its content, names of one directory in ordinal order.
    /// Does not descend into reparse points. Memory follows the depth and the size of the directories on the way.
    /// </summary>
    public IEnumerable<VolumeEntry> Walk(string path = "") => Walk(path, _ => true);

    /// <summary>The same, leaving out what is below the directories that the caller does not want to enter.</summary>
    internal IEnumerable<VolumeEntry> Walk(string path, Func<VolumeEntry, bool> enters)
    {
        var top = Get(path);
        yield return top;
        var stack = new Stack<(string Path, uint Index, IEnumerator<DirectoryItem> Items)>();
        Push(top);
        while (stack.TryPeek(out var level))
        {
            if (!level.Items.MoveNext())
            {
                stack.Pop();
                continue;
            }

            var item = level.Items.Current;
            var entry = Entry(
                item.File, new FileLink(level.Index, item.NameRef), Join(level.Path, Tables.Names.Get(item.NameRef)));
            yield return entry;
            Push(entry);
        }

        void Push(VolumeEntry entry)
        {
            if (entry is { IsDirectory: true, ReparseTag: null } && enters(entry))
            {
                var index = (uint)entry.Reference.Index;
                stack.Push((entry.Path, index, Children(index).GetEnumerator()));
            }
        }
    }

    /// <summary>Where a path leads: the record, and the link by which it was reached.</summary>
    internal Place? Locate(ReadOnlySpan<char> path)
    {
        var place = new Place(RootIndex, new FileLink(RootIndex, Records.Get(RootIndex).NameRef));
        if (path.IsEmpty)
        {
            return place;
        }

        foreach (var range in path.Split('/'))
        {
            var name = path[range];
            ref readonly var record = ref Records.Get(place.Index);
            if (name.Length is 0 or > WindowsNames.MaxUnits || record.Extra is not { Children: { } children } extra)
            {
                return null;
            }

            if (children.Find(name) is { } item)
            {
                place = new Place(item.File, new FileLink(place.Index, item.NameRef));
            }
            else if (extra.Rare?.ShortChildren?.Find(name) is { } shortItem)
            {
                // A short name belongs to the first link of its file, which is in this directory.
                place = new Place(shortItem.File, new FileLink(place.Index, Records.Get(shortItem.File).NameRef));
            }
            else
            {
                return null;
            }
        }

        return place;
    }

    private static string Join(string directory, string name) => directory.Length == 0 ? name : $"{directory}/{name}";

    private IEnumerable<DirectoryItem> Children(uint directory)
    {
        var items = new List<DirectoryItem>();
        Records.Get(directory).Extra?.Children?.CopyTo(items);
        if (!IsExact(directory) && !AreInOrder(items))
        {
            items.Sort((a, b) => Tables.Names.CompareOrdinal(a.NameRef, b.NameRef));
        }

        return items;
    }

    /// <summary>Whether the folded order is the ordinal one too, as with names that differ in more than case.</summary>
    private bool AreInOrder(List<DirectoryItem> items)
    {
        for (var i = 1; i < items.Count; i++)
        {
            if (Tables.Names.CompareOrdinal(items[i - 1].NameRef, items[i].NameRef) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private VolumeEntry Entry(uint index, FileLink link, string path)
    {
        ref readonly var record = ref Records.Get(index);
        var extra = record.Extra ?? FileExtra.None;
        var times = FileSystemTimes.Of(Settings, in record);
        return new VolumeEntry
        {
            Path = path,
            Reference = new FileReference(index, record.Sequence),
            ParentReference = new FileReference(link.Parent, Records.Get(link.Parent).Sequence),
            Attributes = AttributesOf(in record),
            LinkCount = record.LinkCount,
            Times = new EntryTimes(
                Timestamp.FromFileTime(times.Created),
                Timestamp.FromFileTime(times.Written),
                times.Changed is { } changed ? Timestamp.FromFileTime(changed) : null,
                Timestamp.FromFileTime(times.Accessed)),
            Security = Tables.Security.Get(record.SecurityId),
            ReparseTag = extra.ReparseTag == 0 ? null : extra.ReparseTag,
            ReparseData = extra.ReparseData,
            EfsInfo = extra.EfsInfo,
            IsCaseSensitive = record.IsDirectory && IsExact(index),
            IsForeign = (record.Flags & FileRecord.Foreign) != 0,
            Streams = Streams(in record),
            Rare = extra.Rare is { } rare ? Parts(index, in record, link, rare) : null,
            Namespace = NamespaceOf(in record, link, path.AsSpan(path.LastIndexOf('/') + 1)),
        };
    }

    private List<VolumeStream> Streams(ref readonly FileRecord record)
    {
        var named = record.Extra?.Streams ?? [];
        var streams = new List<VolumeStream>(named.Length + 1);
        if (Stream(in record, "") is { } main)
        {
            streams.Add(Describe("", main));
        }

        foreach (var stream in named)
        {
            streams.Add(Describe(stream.Name, stream.State));
        }

        return streams;
    }

    private static VolumeStream Describe(string name, StreamState state) =>
        new(name, state.Size, state.TotalBytes, state.Flags) { UninitializedBytes = state.Uninitialized };

    private StreamState DefaultStream(ref readonly FileRecord record)
    {
        var flags = StreamFlagsOf(record.Attributes);
        var extents = DefaultExtents(in record);
        return new StreamState(record.Size, flags, extents, Tables.Allocation.Allocated(record.Size, flags, extents));
    }

    /// <summary>The unnamed stream of a record that keeps no extents: one generated one, or none.</summary>
    internal static ExtentMap DefaultExtents(ref readonly FileRecord record) => record.Size == 0
        ? ExtentMap.Empty
        : ExtentMap.Of(new Extent
        {
            Start = 0,
            Length = record.Size,
            Kind = ExtentKind.Generated,
            Seed = record.Seed,
            ProfileId = record.ProfileId,
        });

    /// <summary>Attributes as programs see them: "normal" stands for none.</summary>
    internal static FileAttributes AttributesOf(ref readonly FileRecord record) =>
        record.Attributes == FileAttributes.None ? FileAttributes.Normal : record.Attributes;

    internal static StreamFlags StreamFlagsOf(FileAttributes attributes) =>
        ((attributes & FileAttributes.SparseFile) != FileAttributes.None ? StreamFlags.Sparse : StreamFlags.None)
        | ((attributes & FileAttributes.Compressed) != FileAttributes.None ? StreamFlags.Compressed : StreamFlags.None)
        | ((attributes & FileAttributes.Encrypted) != FileAttributes.None ? StreamFlags.Encrypted : StreamFlags.None);

    private StreamExtent Publish(Extent extent) => new(
        extent.Start,
        extent.Length,
        extent.Kind,
        extent.Kind == ExtentKind.Generated ? Tables.Profiles.Get(extent.ProfileId) : default,
        extent.Seed,
        extent.Kind == ExtentKind.Generated ? extent.Base : 0,
        extent.Kind == ExtentKind.Literal ? extent.Literal.AsMemory((int)extent.Base, (int)extent.Length) : default);

    /// <summary>A record and the link by which it was reached.</summary>
    internal readonly record struct Place(uint Index, FileLink Link);
}
