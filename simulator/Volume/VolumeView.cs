using System.Collections.Immutable;
using Harness.Engine.Model;
using Harness.Simulator.Content;

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
    public IEnumerable<VolumeEntry> Walk(string path = "")
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
            if (entry is { IsDirectory: true, ReparseTag: null })
            {
                var index = (uint)entry.Reference.Index;
                stack.Push((entry.Path, index, Children(index).GetEnumerator()));
            }
        }
    }

    /// <summary>Reads plain content until the buffer is full or the stream ends; returns the bytes read.</summary>
    public int Read(string path, long offset, Span<byte> buffer) => Read(Stream(path), offset, buffer);

    /// <summary>The content of a stream, extent by extent.</summary>
    public IReadOnlyList<StreamExtent> GetExtents(string path)
    {
        var state = Stream(path);
        return ExtentsOf(state, 0, state.Size);
    }

    /// <summary>
    /// The allocated ranges, ascending and not touching (FSCTL_QUERY_ALLOCATED_RANGES): of a sparse stream whole units, cut at
    /// its end; of any other the whole.
    /// </summary>
    public IReadOnlyList<ByteRange> QueryAllocatedRanges(string path) => AllocatedRanges(Stream(path));

    /// <summary>
    /// The allocated ranges of a part of a stream (FSCTL_QUERY_ALLOCATED_RANGES, MS-FSA 2.1.5.10.22): those that intersect it,
    /// cut to it. A part beyond the end has none. A negative offset or length, or an end beyond 2^63-1, is refused
    /// (STATUS_INVALID_PARAMETER).
    /// </summary>
    public IReadOnlyList<ByteRange> QueryAllocatedRanges(string path, long offset, long length)
    {
        var state = Stream(path);
        if (offset < 0 || length < 0 || offset > long.MaxValue - length)
        {
            throw VolumeError.Refused(
                path, $"the range of {length} bytes at {offset} is none (STATUS_INVALID_PARAMETER)", "Give a range within 0 and 2^63-1.");
        }

        return
        [
            .. AllocatedRanges(state)
                .Select(range => (From: Math.Max(range.Offset, offset), To: Math.Min(range.End, offset + length)))
                .Where(range => range.From < range.To)
                .Select(range => new ByteRange(range.From, range.To - range.From)),
        ];
    }

    internal IReadOnlyList<StreamExtent> ExtentsOf(StreamState state, long from, long to) =>
        [.. state.Extents.Slice(from, to).Select(Publish)];

    internal int Read(StreamState state, long offset, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var wanted = (int)Math.Min(buffer.Length, Math.Max(state.Size - offset, 0));
        foreach (var extent in state.Extents.Slice(offset, offset + wanted))
        {
            var target = buffer.Slice((int)(extent.Start - offset), (int)extent.Length);
            switch (extent.Kind)
            {
                case ExtentKind.Generated:
                    ContentGenerator.Fill(Tables.Profiles.Get(extent.ProfileId), extent.Seed, extent.Base, target);
                    break;
                case ExtentKind.Literal:
                    extent.Literal.AsSpan((int)extent.Base, target.Length).CopyTo(target);
                    break;
                default:
                    target.Clear();
                    break;
            }
        }

        return wanted;
    }

    internal IReadOnlyList<ByteRange> AllocatedRanges(StreamState state)
    {
        if (!state.Is(StreamFlags.Sparse))
        {
            return state.Size == 0 ? [] : [new ByteRange(0, state.Size)];
        }

        var ranges = new List<ByteRange>();
        long unit = Settings.HoleUnitBytes;
        foreach (var extent in state.Extents.Slice(0, state.Size))
        {
            if (extent.Kind == ExtentKind.Hole)
            {
                continue;
            }

            var from = extent.Start / unit * unit;
            var to = Math.Min(AllocationRules.RoundUp(extent.End, unit), state.Size);
            if (ranges.Count > 0 && ranges[^1].End >= from)
            {
                ranges[^1] = new ByteRange(ranges[^1].Offset, Math.Max(to, ranges[^1].End) - ranges[^1].Offset);
            }
            else
            {
                ranges.Add(new ByteRange(from, to - from));
            }
        }

        return ranges;
    }

    internal StreamState Stream(string path)
    {
        var target = VolumePath.Parse(path, Settings);
        var place = Locate(target.File) ?? throw VolumeError.Missing(path);
        return Stream(in Records.Get(place.Index), target.Stream) ?? throw VolumeError.Missing(path);
    }

    internal StreamState? Stream(ref readonly FileRecord record, string name)
    {
        if (name.Length == 0)
        {
            return record.IsDirectory ? null : record.Extra?.Main ?? DefaultStream(in record);
        }

        var comparison = Settings.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        foreach (var stream in record.Extra?.Streams ?? [])
        {
            if (stream.Name.Equals(name, comparison))
            {
                return stream.State;
            }
        }

        return null;
    }

    /// <summary>A stream of a file reference; null when either is gone.</summary>
    internal StreamState? Stream(FileReference reference, string name)
    {
        if (reference.Index > uint.MaxValue)
        {
            return null;
        }

        ref readonly var record = ref Records.Get((uint)reference.Index);
        return record.IsInUse && record.Sequence == reference.Sequence ? Stream(in record, name) : null;
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
        if (!IsExact(directory))
        {
            items.Sort((a, b) => Tables.Names.CompareOrdinal(a.NameRef, b.NameRef));
        }

        return items;
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
            ObjectId = extra.Rare?.ObjectId,
            ExtendedAttributes = extra.Rare?.Attributes ?? [],
            IsCaseSensitive = record.IsDirectory && IsExact(index),
            ReparseGuid = extra.Rare is { } rare && rare.ReparseGuid != Guid.Empty ? rare.ReparseGuid : null,
            IsForeign = (record.Flags & FileRecord.Foreign) != 0,
            Streams = Streams(in record),
            Namespace = NamespaceOf(in record, link, path.AsSpan(path.LastIndexOf('/') + 1)),
            ShortName = extra.Rare is { ShortName: not 0 } && record.Parent == link.Parent && record.NameRef == link.NameRef
                ? ShortNameOf(index)
                : null,
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
