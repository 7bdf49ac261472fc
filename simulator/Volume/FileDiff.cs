namespace Harness.Simulator.Volume;

/// <summary>Says how two versions of one file differ. One thread.</summary>
internal sealed class FileDiff(VolumeView before, VolumeView after)
{
    private readonly ExtentDiff _extents = new();

    /// <summary>Extents compared so far.</summary>
    public long ExtentsVisited => _extents.ExtentsVisited;

    public VolumeChange Created(uint index)
    {
        ref readonly var record = ref after.Records.Get(index);
        var streams = new List<StreamChange>();
        if (!record.IsDirectory)
        {
            Compare(streams, "", null, Main(in record));
        }

        foreach (var stream in record.Extra?.Streams ?? [])
        {
            Compare(streams, stream.Name, null, stream.State);
        }

        return new VolumeChange(new FileReference(index, record.Sequence), VolumeChangeKind.Created) { Streams = streams };
    }

    public VolumeChange Changed(uint index)
    {
        ref readonly var old = ref before.Records.Get(index);
        ref readonly var now = ref after.Records.Get(index);
        var streams = Streams(in old, in now);
        return new VolumeChange(new FileReference(index, now.Sequence), VolumeChangeKind.Changed)
        {
            Aspects = Metadata(in old, in now) | Names(in old, in now) | AspectsOf(streams)
                | If(VolumeChangeAspects.ValidDataLength, HasOtherLengths(in old, in now)),
            Streams = streams,
        };
    }

    private static VolumeChangeAspects Metadata(ref readonly FileRecord old, ref readonly FileRecord now)
    {
        var a = old.Extra ?? FileExtra.None;
        var b = now.Extra ?? FileExtra.None;
        return If(VolumeChangeAspects.Attributes, old.Attributes != now.Attributes)
            | If(
                VolumeChangeAspects.Times,
                old.Created != now.Created || old.Written != now.Written || old.Changed != now.Changed
                    || old.Accessed != now.Accessed)
            | If(VolumeChangeAspects.Security, old.SecurityId != now.SecurityId)
            | If(
                VolumeChangeAspects.Reparse,
                a.ReparseTag != b.ReparseTag || !a.ReparseData.AsSpan().SequenceEqual(b.ReparseData))
            | If(VolumeChangeAspects.EncryptionInfo, !a.EfsInfo.AsSpan().SequenceEqual(b.EfsInfo))
            | If(VolumeChangeAspects.Children, !Equals(a.Children, b.Children))
            | If(
                VolumeChangeAspects.CaseSensitivity,
                ((old.Flags ^ now.Flags) & FileRecord.CaseSensitive) != 0)
            | (ReferenceEquals(a.Rare, b.Rare)
                ? VolumeChangeAspects.None
                : Rare(a.Rare ?? RareMetadata.None, b.Rare ?? RareMetadata.None));
    }

    private static VolumeChangeAspects Rare(RareMetadata a, RareMetadata b) =>
        If(VolumeChangeAspects.ShortName, a.ShortName != b.ShortName)
            | If(VolumeChangeAspects.Children, !ReferenceEquals(a.ShortChildren, b.ShortChildren))
            | If(VolumeChangeAspects.ObjectId, a.ObjectId != b.ObjectId)
            | If(VolumeChangeAspects.ExtendedAttributes, !a.Attributes.AsSpan().SequenceEqual(b.Attributes))
            | If(VolumeChangeAspects.Reparse, a.ReparseGuid != b.ReparseGuid);

    private static bool HasOtherLengths(ref readonly FileRecord old, ref readonly FileRecord now)
    {
        var (a, b) = (old.Extra, now.Extra);
        return !ReferenceEquals(a, b)
            && (IsOther(a?.Main, b?.Main) || Array.Exists(a?.Streams ?? [], was => Array.Exists(
                b?.Streams ?? [], stream => stream.Name == was.Name && IsOther(was.State, stream.State))));

        // A cut or grown stream has another length as a matter of course.
        static bool IsOther(StreamState? was, StreamState? state) =>
            !ReferenceEquals(was, state)
            && (was?.Size == state?.Size || was is null || state is null)
            && ((was?.Uninitialized ?? 0) != (state?.Uninitialized ?? 0) || (was?.Reserved ?? 0) != (state?.Reserved ?? 0));
    }

    private static VolumeChangeAspects If(VolumeChangeAspects aspect, bool differs) =>
        differs ? aspect : VolumeChangeAspects.None;

    private static VolumeChangeAspects AspectsOf(List<StreamChange> streams)
    {
        var aspects = VolumeChangeAspects.None;
        foreach (var stream in streams)
        {
            aspects |= stream.Kind != StreamChangeKind.Changed
                ? VolumeChangeAspects.Streams
                : If(VolumeChangeAspects.Content, stream.SizeBefore != stream.SizeAfter || stream.Ranges.Count > 0)
                    | If(VolumeChangeAspects.Storage, stream.FlagsBefore != stream.FlagsAfter);
        }

        return aspects;
    }

    private VolumeChangeAspects Names(ref readonly FileRecord old, ref readonly FileRecord now)
    {
        var others = (old.Extra?.MoreLinks, now.Extra?.MoreLinks);
        if (old.Parent == now.Parent && old.NameRef == now.NameRef && ReferenceEquals(others.Item1, others.Item2))
        {
            return VolumeChangeAspects.None;
        }

        var gone = Links(in old).ToList();
        var added = Links(in now).ToList();
        var kept = gone.Intersect(added).ToHashSet();
        gone.RemoveAll(kept.Contains);
        added.RemoveAll(kept.Contains);
        var aspects = If(VolumeChangeAspects.Links, gone.Count != added.Count);
        for (var i = 0; i < Math.Min(gone.Count, added.Count); i++)
        {
            aspects |= If(VolumeChangeAspects.Name, gone[i].Name != added[i].Name)
                | If(VolumeChangeAspects.Parent, gone[i].Parent != added[i].Parent);
        }

        return aspects;
    }

    private IEnumerable<(uint Parent, string Name)> Links(ref readonly FileRecord record)
    {
        var names = before.Tables.Names;
        return (record.Extra?.MoreLinks ?? []).Prepend(new FileLink(record.Parent, record.NameRef))
            .Select(link => (link.Parent, names.Get(link.NameRef)));
    }

    private List<StreamChange> Streams(ref readonly FileRecord old, ref readonly FileRecord now)
    {
        var changes = new List<StreamChange>();
        if (!now.IsDirectory && !IsSameMain(in old, in now))
        {
            Compare(changes, "", Main(in old), Main(in now));
        }

        var were = old.Extra?.Streams ?? [];
        var are = now.Extra?.Streams ?? [];
        if (!ReferenceEquals(were, are))
        {
            var comparer = before.Settings.CaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
            foreach (var name in are.Concat(were).Select(stream => stream.Name).Distinct(comparer).Order(StringComparer.Ordinal))
            {
                Compare(changes, name, before.Stream(in old, name), after.Stream(in now, name));
            }
        }

        return changes;
    }

    private static bool IsSameMain(ref readonly FileRecord old, ref readonly FileRecord now) =>
        ReferenceEquals(old.Extra?.Main, now.Extra?.Main) && old.Size == now.Size && old.Seed == now.Seed
        && old.ProfileId == now.ProfileId
        && VolumeView.StreamFlagsOf(old.Attributes) == VolumeView.StreamFlagsOf(now.Attributes);

    /// <summary>The unnamed stream without its allocated size, which costs more to compute than all else here.</summary>
    private static StreamState Main(ref readonly FileRecord record) => record.Extra?.Main
        ?? new StreamState(record.Size, VolumeView.StreamFlagsOf(record.Attributes), VolumeView.DefaultExtents(in record), 0);

    private void Compare(List<StreamChange> changes, string name, StreamState? old, StreamState? now)
    {
        if (ReferenceEquals(old, now))
        {
            return;
        }

        var ranges = now is null ? [] : _extents.Between(old?.Extents ?? ExtentMap.Empty, now.Extents);
        var change = new StreamChange(
            name,
            old is null ? StreamChangeKind.Added : now is null ? StreamChangeKind.Removed : StreamChangeKind.Changed,
            old?.Size ?? 0,
            now?.Size ?? 0,
            old?.Flags ?? StreamFlags.None,
            now?.Flags ?? StreamFlags.None,
            ranges);
        if (change.Kind != StreamChangeKind.Changed || ranges.Count > 0 || old!.Size != now!.Size || old.Flags != now.Flags)
        {
            changes.Add(change);
        }
    }
}
