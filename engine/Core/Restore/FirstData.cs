using Harness.Engine.Format;

namespace Harness.Engine.Restore;

/// <summary>
/// What of a file's record decides its place in the order of a restore, so that the order needs no second look at the record.
/// Immutable.
/// </summary>
/// <param name="Segment">The segment of its first data; null where it has none, or where that is in regions.</param>
/// <param name="IsInRegions">Records of their own say where its first data is.</param>
/// <param name="IsOneOfNames">The file has further names, each of them an item.</param>
internal sealed record FirstData(Hash256? Segment, bool IsInRegions, bool IsOneOfNames)
{
    private const byte HasSegmentFlag = 1;
    private const byte InRegionsFlag = 2;
    private const byte OneOfNamesFlag = 4;

    public static FirstData Of(EntryRecord entry)
    {
        foreach (var stream in entry.Streams)
        {
            if (stream.Content is not { } content)
            {
                return new FirstData(null, IsInRegions: true, entry.Names.Count > 0);
            }

            foreach (var extent in content.Extents.Extents)
            {
                if (extent.Kind == ExtentKind.Data)
                {
                    return new FirstData(extent.Segment!.Id, IsInRegions: false, entry.Names.Count > 0);
                }
            }
        }

        return new FirstData(null, IsInRegions: false, entry.Names.Count > 0);
    }

    public void Encode(WireWriter output)
    {
        output.U8((byte)((Segment is null ? 0 : HasSegmentFlag) | (IsInRegions ? InRegionsFlag : 0) | (IsOneOfNames ? OneOfNamesFlag : 0)));
        if (Segment is { } segment)
        {
            output.Hash(segment);
        }
    }

    public static FirstData Decode(ref WireReader reader)
    {
        var flags = reader.U8();
        return new FirstData(
            (flags & HasSegmentFlag) != 0 ? reader.Hash() : null, (flags & InRegionsFlag) != 0, (flags & OneOfNamesFlag) != 0);
    }
}
