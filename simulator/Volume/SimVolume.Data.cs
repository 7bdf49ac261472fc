using Harness.Simulator.Content;
using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>Reading aside, everything that changes the data of a stream. A named stream is made by writing to it.</summary>
public sealed partial class SimVolume
{
    /// <summary>Creates an empty named stream of a file or directory, stored like the file's own data.</summary>
    public void CreateStream(string path, long sizeBytes = 0, ContentProfile? content = null, ulong? seed = null)
    {
        RequireWritable(path);
        RequireFeature(path, VolumeFeatures.NamedStreams);
        RequireSize(path, sizeBytes);
        var target = VolumePath.Parse(path, Settings);
        var place = Require(target.File);
        RequireStreamName(path, target.Stream);
        if (Stream(in Records.Get(place.Index), target.Stream) is not null)
        {
            throw VolumeError.Refused(path, "the stream exists already", "Write to it, or delete it first.");
        }

        var flags = NewStreamFlags(in Records.Get(place.Index));
        var extents = sizeBytes == 0
            ? ExtentMap.Empty
            : ExtentMap.Of(new Extent
            {
                Start = 0,
                Length = sizeBytes,
                Kind = ExtentKind.Generated,
                Seed = seed ?? Mix.Of(NewSeed(place.Index, Records.Get(place.Index).Sequence), target.Stream),
                ProfileId = Tables.Profiles.Intern(content ?? ContentProfile.Random),
            });
        Store(path, place.Index, target.Stream, null, sizeBytes, flags, extents);
        TouchData(place.Index);
        Post(place.Index, UsnReason.StreamChange | (sizeBytes > 0 ? UsnReason.NamedDataExtend : UsnReason.None));
    }

    /// <summary>Writes bytes; a write beyond the end extends the stream, and the gap reads as zeros.</summary>
    public void Write(string path, long offset, ReadOnlySpan<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (content.IsEmpty)
        {
            return;
        }

        var zeros = content.IndexOfAnyExcept((byte)0) < 0;
        WriteExtent(path, new Extent
        {
            Start = offset,
            Length = content.Length,
            Kind = zeros ? ExtentKind.Zero : ExtentKind.Literal,
            Literal = zeros ? null : content.ToArray(),
        });
    }

    /// <summary>Writes generated content, which takes no memory whatever its length.</summary>
    /// <param name="path">File, or file and stream.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes, more than 0.</param>
    /// <param name="seed">Which content.</param>
    /// <param name="content">How it looks; null is incompressible bytes.</param>
    /// <param name="baseOffset">Which byte of that content comes first; null is <paramref name="offset"/>.</param>
    public void WriteGenerated(
        string path, long offset, long length, ulong seed, ContentProfile? content = null, long? baseOffset = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        WriteExtent(path, new Extent
        {
            Start = offset,
            Length = length,
            Kind = ExtentKind.Generated,
            Seed = seed,
            Base = baseOffset ?? offset,
            ProfileId = Tables.Profiles.Intern(content ?? ContentProfile.Random),
        });
    }

    /// <summary>Writes bytes after the end.</summary>
    public void Append(string path, ReadOnlySpan<byte> content) => Write(path, Stream(path).Size, content);

    /// <summary>Writes generated content after the end.</summary>
    public void AppendGenerated(string path, long length, ulong seed, ContentProfile? content = null) =>
        WriteGenerated(path, Stream(path).Size, length, seed, content);

    /// <summary>
    /// Moves everything from an offset on further back and writes generated content in the gap, as an editor does that
    /// saves a document with a paragraph more. Costs no reading.
    /// </summary>
    public void InsertGenerated(string path, long offset, long length, ulong seed, ContentProfile? content = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var (place, name, state) = ForWriting(path);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, state.Size);
        RequireSize(path, checked(state.Size + length));
        RequireUnlocked(path, place, name, offset, state.Size + length - offset);
        var inserted = new Extent
        {
            Start = offset,
            Length = length,
            Kind = ExtentKind.Generated,
            Seed = seed,
            ProfileId = Tables.Profiles.Intern(content ?? ContentProfile.Random),
        };
        var tail = state.Extents.Slice(offset, state.Size).Select(extent => extent.MovedTo(extent.Start + length));
        var extents = state.Extents.Replace(offset, state.Size, [inserted, .. tail]);
        Change(path, place, name, state, state.Size + length, extents, offset, state.Size + length, state.Size + length);
    }

    /// <summary>
    /// Sets the size (SetEndOfFile): cuts, or extends with zeros, which are a hole when the stream is sparse. The size that it
    /// has changes nothing, times and attributes included (MS-FSA 2.1.5.15.4).
    /// </summary>
    public void SetEndOfFile(string path, long sizeBytes)
    {
        RequireSize(path, sizeBytes);
        var (place, name, state) = ForWriting(path);
        if (sizeBytes == state.Size)
        {
            return;
        }

        RequireNotMapped(path, place, name, state.Size, sizeBytes);
        var extents = sizeBytes < state.Size
            ? state.Extents.Replace(sizeBytes, state.Size, [])
            : Extended(state, sizeBytes);
        Change(
            path, place, name, state, sizeBytes, extents, Math.Min(sizeBytes, state.Size), Math.Max(sizeBytes, state.Size),
            Math.Min(state.ValidBytes, sizeBytes));
    }

    /// <summary>
    /// Zeroes a range (FSCTL_SET_ZERO_DATA, MS-FSA 2.1.5.10.39): in a sparse stream whole units become holes, what is left
    /// at the edges is written as zeros. The size does not change.
    /// </summary>
    public void ZeroRange(string path, long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var (place, name, state) = ForWriting(path);
        var end = Math.Min(checked(offset + length), state.Size);
        if (offset >= end)
        {
            return;
        }

        RequireUnlocked(path, place, name, offset, end - offset);
        long unit = Settings.HoleUnitBytes;
        var holeFrom = AllocationRules.RoundUp(offset, unit);
        var holeTo = end == state.Size ? end : end / unit * unit;
        var zeroed = new List<Extent>();
        if (!state.Is(StreamFlags.Sparse) || holeFrom >= holeTo)
        {
            Add(offset, end, ExtentKind.Zero);
        }
        else
        {
            Add(offset, holeFrom, ExtentKind.Zero);
            Add(holeFrom, holeTo, ExtentKind.Hole);
            Add(holeTo, end, ExtentKind.Zero);
        }

        Change(path, place, name, state, state.Size, state.Extents.Replace(offset, end, zeroed), offset, end, state.ValidBytes);

        void Add(long from, long to, ExtentKind kind)
        {
            if (from >= to)
            {
                return;
            }

            // A hole that is zeroed stays a hole.
            foreach (var extent in state.Extents.Slice(from, to))
            {
                zeroed.Add(new Extent
                {
                    Start = extent.Start,
                    Length = extent.Length,
                    Kind = extent.Kind == ExtentKind.Hole ? ExtentKind.Hole : kind,
                });
            }
        }
    }

    /// <summary>Writes an extent that a reader of another volume, or of this one, has found elsewhere.</summary>
    internal void WriteExtentOf(string path, in StreamExtent extent)
    {
        switch (extent.Kind)
        {
            case ExtentKind.Generated:
                WriteGenerated(path, extent.Offset, extent.Length, extent.Seed, extent.Profile, extent.Base);
                break;
            case ExtentKind.Literal:
                Write(path, extent.Offset, extent.Literal.Span);
                break;
            default:
                WriteExtent(path, new Extent { Start = extent.Offset, Length = extent.Length, Kind = ExtentKind.Zero });
                break;
        }
    }

    private static ExtentMap Extended(StreamState state, long to)
    {
        if (to <= state.Size)
        {
            return state.Extents;
        }

        var kind = state.Is(StreamFlags.Sparse) ? ExtentKind.Hole : ExtentKind.Zero;
        var gap = new Extent { Start = state.Size, Length = to - state.Size, Kind = kind };
        return state.Extents.Replace(state.Size, state.Size, [gap]);
    }

    private void WriteExtent(string path, Extent extent)
    {
        RequireSize(path, checked(extent.Start + extent.Length));
        var (place, name, state) = ForWriting(path, createStream: true);
        RequireUnlocked(path, place, name, extent.Start, extent.Length);
        var extents = Extended(state, extent.Start).Replace(extent.Start, extent.End, [extent]);
        var size = Math.Max(state.Size, extent.End);
        Change(path, place, name, state, size, extents, Math.Min(extent.Start, state.Size), extent.End);
    }

    private (uint Index, string Stream, StreamState State) ForWriting(string path, bool createStream = false)
    {
        RequireWritable(path);
        var target = VolumePath.Parse(path, Settings);
        var place = Require(target.File);
        ref readonly var record = ref Records.Get(place.Index);
        if ((record.Attributes & FileAttributes.ReadOnly) != FileAttributes.None && !record.IsDirectory)
        {
            throw VolumeError.Refused(path, "the file is read-only", "Clear the attribute first.");
        }

        RequireSharing(path, place.Index, target.Stream, FileAccess.Write);
        var state = Stream(in record, target.Stream);
        if (state is null && createStream && target.Stream.Length > 0)
        {
            RequireFeature(path, VolumeFeatures.NamedStreams);
            RequireStreamName(path, target.Stream);
            state = new StreamState(0, NewStreamFlags(in record), ExtentMap.Empty, 0);
        }

        return (place.Index, target.Stream, state ?? throw VolumeError.Missing(path));
    }

    private static void RequireStreamName(string path, string name)
    {
        if (WindowsNames.WhyStreamInvalid(name) is { } reason)
        {
            throw VolumeError.Refused(path, reason, "Choose another stream name.");
        }
    }

    private static StreamFlags NewStreamFlags(ref readonly FileRecord record) =>
        StreamFlagsOf(record.Attributes) & (StreamFlags.Compressed | StreamFlags.Encrypted);

    /// <summary>Puts changed data in place, with the lengths, times and journal records that follow.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="index">The file.</param>
    /// <param name="name">The stream.</param>
    /// <param name="before">What it was.</param>
    /// <param name="size">Its new size.</param>
    /// <param name="extents">Its new content.</param>
    /// <param name="from">First byte that changes.</param>
    /// <param name="to">First byte behind the change.</param>
    /// <param name="validBytes">Its new valid data length; null when the change is a write, up to its end.</param>
    private void Change(
        string path,
        uint index,
        string name,
        StreamState before,
        long size,
        ExtentMap extents,
        long from,
        long to,
        long? validBytes = null)
    {
        var allocated = Tables.Allocation.AfterChange(before, size, extents, from, to);
        var isNew = name.Length > 0 && Stream(in Records.Get(index), name) is null;
        var valid = Tables.Allocation.IsResident(size, before.Flags)
            ? size
            : validBytes ?? Math.Max(before.ValidBytes, Math.Min(to, size));
        Store(path, index, name, before, new StreamState(size, before.Flags, extents, allocated)
        {
            Uninitialized = size - valid,
            Reserved = size < before.Size ? 0 : Math.Max(before.Reserved - Math.Max(allocated - before.AllocatedBytes, 0), 0),
        });
        TouchData(index);
        PostData(index, name, before, size, from, to, isNew ? UsnReason.StreamChange : UsnReason.None);
    }

    private void Store(
        string path, uint index, string name, StreamState? before, long size, StreamFlags flags, ExtentMap extents) =>
        Store(
            path, index, name, before,
            new StreamState(size, flags, extents, Tables.Allocation.Allocated(size, flags, extents))
            {
                Uninitialized = before?.Size != size || Tables.Allocation.IsResident(size, flags) ? 0 : before.Uninitialized,
                Reserved = before?.Size == size ? before.Reserved : 0,
            });

    /// <summary>Puts a stream's new state in place, charging the volume. The only way in which stream data changes.</summary>
    private void Store(string path, uint index, string name, StreamState? before, StreamState after)
    {
        var quota = Quotas.Charged(after) - (before is null ? 0 : Quotas.Charged(before));
        Quotas.Require(path, Records.Get(index).SecurityId, quota);
        Charge(path, after.TotalBytes - (before?.TotalBytes ?? 0));
        Quotas.Charge(Records.Get(index).SecurityId, quota);
        var extra = ExtraOf(index);
        if (after.Is(StreamFlags.Encrypted) && extra.EfsInfo is null)
        {
            // Whatever encrypts a stream, its file has a key: without one the stream could not be read raw.
            extra = extra with { EfsInfo = NewEfsInfo(index) };
            _tree.Edit(index).Extra = extra;
        }

        ref var record = ref _tree.Edit(index);
        if (name.Length > 0)
        {
            record.Extra = extra with { Streams = WithStream(extra.Streams, name, after) };
            return;
        }

        record.Size = after.Size;
        record.Attributes = (record.Attributes & ~StoredBits) | AttributesOf(after.Flags);
        if (after.Extents.IsSingle(out var only) && only is { Kind: ExtentKind.Generated, Base: 0 }
            && after is { Uninitialized: 0, Reserved: 0 })
        {
            record.Seed = only.Seed;
            record.ProfileId = only.ProfileId;
            record.Extra = extra.Main is null ? record.Extra : Compact(extra with { Main = null });
        }
        else
        {
            record.Extra = extra with { Main = after };
        }
    }

    /// <summary>Takes the $EFS stand-in from a file of which nothing is encrypted any more.</summary>
    private void DropUnusedEfsInfo(uint index)
    {
        ref readonly var record = ref Records.Get(index);
        if (record.Extra is { EfsInfo: not null } extra
            && (record.Attributes & FileAttributes.Encrypted) == FileAttributes.None
            && !Array.Exists(extra.Streams, stream => stream.State.Is(StreamFlags.Encrypted)))
        {
            _tree.Edit(index).Extra = Compact(extra with { EfsInfo = null });
        }
    }

    private static FileExtra? Compact(FileExtra extra) => extra == FileExtra.None ? null : extra;

    private NamedStream[] WithStream(NamedStream[] streams, string name, StreamState state)
    {
        var comparison = Settings.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        var present = streams.FirstOrDefault(stream => stream.Name.Equals(name, comparison));
        return
        [
            .. streams.Where(stream => !stream.Name.Equals(name, comparison))
                .Append(new NamedStream(present.Name ?? name, state))
                .OrderBy(stream => stream.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>A write moves the write and change times and marks the file for archiving.</summary>
    private void TouchData(uint index)
    {
        var now = Tick();
        ref var record = ref _tree.Edit(index);
        record.Written = now;
        record.Changed = now;
        record.Accessed = now;
        if (!record.IsDirectory)
        {
            record.Attributes |= FileAttributes.Archive;
        }
    }
}
