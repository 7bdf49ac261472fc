using Harness.Engine.Errors;
using Harness.Engine.Format;

namespace Harness.Engine.Repositories;

/// <summary>Reads protected content back through its extent map.</summary>
internal static class ContentReader
{
    /// <summary>Fills <paramref name="buffer"/>, which is zeroed, with the content from <paramref name="offset"/> on.</summary>
    public static async ValueTask ReadAsync(
        ExtentMap content, long offset, Memory<byte> buffer, SegmentReader segments, CancellationToken cancellationToken)
    {
        foreach (var extent in content.Slice(offset, offset + buffer.Length))
        {
            if (extent.Kind == ExtentKind.Data)
            {
                var bytes = await BytesOfAsync(extent, segments, cancellationToken);
                bytes.CopyTo(buffer[(int)(extent.Offset - offset)..]);
            }
        }
    }

    /// <summary>The bytes of a data extent, valid until the next call.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> BytesOfAsync(
        Extent extent, SegmentReader segments, CancellationToken cancellationToken)
    {
        var raw = await segments.ReadAsync(extent.Segment!.Id, cancellationToken);
        return extent.SegmentOffset + extent.Length <= raw.Length
            ? raw.Slice(extent.SegmentOffset, (int)extent.Length)
            : throw new BackupException(
                ErrorCode.VaultBlobDamaged,
                $"An extent wants bytes beyond the end of segment {extent.Segment.Id}.",
                "Run 'check --read-data' to see which recovery points suffer; restore the others.");
    }
}
