using Harness.Engine.Model;
using Harness.Simulator.Content;

namespace Harness.Simulator.Volume;

/// <summary>Streams: what is in them, and where.</summary>
public abstract partial class VolumeView
{
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
}
