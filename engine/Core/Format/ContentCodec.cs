namespace Harness.Engine.Format;

/// <summary>Writes and reads the content of a stream: extents and digests (FORMAT.md section 7).</summary>
internal static class ContentCodec
{
    private const byte Full = 0;
    private const byte Patch = 1;
    private const byte InRegions = 2;

    /// <summary>Writes content, as a patch over <paramref name="parent"/> where that is shorter; null is in regions.</summary>
    public static void Encode(WireWriter output, ProtectedContent? content, ProtectedContent? parent)
    {
        if (content is null)
        {
            output.U8(InRegions);
            return;
        }

        var extents = content.Extents.Extents;
        if (parent is not null)
        {
            var patch = ReferenceEquals(parent.Extents, content.Extents)
                ? []
                : content.Extents.PatchFrom(parent.Extents, content.LengthBytes);
            if (patch.Count <= extents.Count)
            {
                output.U8(Patch);
                Extents(output, patch);
                Digests(output, content, parent);
                return;
            }
        }

        output.U8(Full);
        Extents(output, extents);
        Digests(output, content, null);
    }

    /// <summary>Reads content of a length; null when it is in regions, as exactly that of a long stream is.</summary>
    public static ProtectedContent? Decode(ref WireReader reader, long contentBytes, ProtectedContent? parent)
    {
        var form = reader.U8();
        if (form > InRegions || (form == InRegions) != (contentBytes > FormatLimits.RegionBytes))
        {
            throw new InvalidDataException("content has a form that its length does not allow");
        }

        if (form == InRegions)
        {
            return null;
        }

        if (form == Patch && parent is null)
        {
            throw new InvalidDataException("content is a patch over nothing");
        }

        var extents = Extents(ref reader, contentBytes);
        var map = form == Full ? ExtentMap.Of(extents) : parent!.Extents.Apply(extents, contentBytes);
        return new ProtectedContent(contentBytes, map, Digests(ref reader, contentBytes, form == Full ? null : parent));
    }

    private static void Extents(WireWriter output, IReadOnlyList<Extent> extents)
    {
        var ordinals = new Dictionary<Hash256, int>();
        foreach (var extent in extents)
        {
            if (extent.Kind == ExtentKind.Data)
            {
                ordinals.TryAdd(extent.Segment!.Id, ordinals.Count);
            }
        }

        output.VarInt((ulong)ordinals.Count);
        foreach (var id in ordinals.Keys)
        {
            output.Hash(id);
        }

        output.VarInt((ulong)extents.Count);
        long position = 0;
        var (lastSegment, lastEnd) = (-1, 0L);
        foreach (var extent in extents)
        {
            output.VarInt(extent.Offset - position);
            output.VarInt(((ulong)extent.Length << 2) | (ulong)extent.Kind);
            position = extent.End;
            if (extent.Kind == ExtentKind.Data)
            {
                var segment = ordinals[extent.Segment!.Id];
                if (segment == lastSegment && extent.SegmentOffset == lastEnd)
                {
                    output.VarInt(0UL);
                }
                else
                {
                    output.VarInt((ulong)segment + 1);
                    output.VarInt((ulong)extent.SegmentOffset);
                }

                (lastSegment, lastEnd) = (segment, extent.SegmentOffset + extent.Length);
            }
        }
    }

    private static List<Extent> Extents(ref WireReader reader, long contentBytes)
    {
        var segments = new SegmentReference[reader.Count(reader.Remaining / Hash256.Size)];
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = new SegmentReference(reader.Hash());
        }

        var count = reader.Count(reader.Remaining / 2);
        var extents = new List<Extent>((int)count);
        long position = 0;
        var (lastSegment, lastEnd) = (-1, 0L);
        for (; count > 0; count--)
        {
            var offset = position + reader.Count(contentBytes - position);
            var packed = reader.VarInt();
            var length = (long)(packed >> 2);
            var kind = (ExtentKind)(packed & 3);
            if (kind > ExtentKind.Hole || length == 0 || length > contentBytes - offset)
            {
                throw new InvalidDataException("an extent lies outside its stream");
            }

            position = offset + length;
            if (kind != ExtentKind.Data)
            {
                extents.Add(new Extent(offset, length, kind, null, 0));
                continue;
            }

            var ordinal = reader.Count(segments.Length);
            var (segment, start) = ordinal == 0
                ? (lastSegment, lastEnd)
                : ((int)ordinal - 1, reader.Count(FormatLimits.RangeBytes));
            if (segment < 0 || start + length > FormatLimits.RangeBytes)
            {
                throw new InvalidDataException("an extent lies outside its segment");
            }

            (lastSegment, lastEnd) = (segment, start + length);
            extents.Add(new Extent(offset, length, ExtentKind.Data, segments[segment], (int)start));
        }

        return extents;
    }

    private static void Digests(WireWriter output, ProtectedContent content, ProtectedContent? parent)
    {
        var ranges = StreamRecord.RangesOf(content.LengthBytes);
        var changed = content.Digests.DifferencesFrom(parent?.Digests ?? DigestMap.Empty).Where(range => range < ranges).ToArray();
        output.VarInt((ulong)changed.Length);
        long next = 0;
        foreach (var range in changed)
        {
            output.VarInt(range - next);
            output.Raw(content.Digests[range]);
            next = range + 1;
        }
    }

    private static DigestMap Digests(ref WireReader reader, long contentBytes, ProtectedContent? parent)
    {
        var ranges = StreamRecord.RangesOf(contentBytes);
        var kept = parent?.Digests ?? DigestMap.Empty;
        var digests = new DigestMap.Builder();
        long next = 0;
        for (var count = reader.Count(reader.Remaining / (FormatLimits.FingerprintBytes + 1)); count > 0; count--)
        {
            if (next >= ranges)
            {
                throw new InvalidDataException("a digest lies outside its stream");
            }

            var range = next + reader.Count(ranges - next - 1);
            digests.AddFrom(kept, next, range);
            digests.Add(range, reader.Raw(FormatLimits.FingerprintBytes));
            next = range + 1;
        }

        digests.AddFrom(kept, next, ranges);
        return digests.Build();
    }
}
