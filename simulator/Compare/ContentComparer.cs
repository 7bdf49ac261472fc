using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Compare;

/// <summary>
/// Compares two streams byte for byte, but reads only where their extents have different origins: two extents of one
/// generator at one place, or two ranges of zeros, are equal by what they are.
/// </summary>
public static class ContentComparer
{
    private const int BlockBytes = 1 << 20;

    /// <summary>First byte that differs between two streams of one size; null when none does.</summary>
    public static long? FirstDifference(VolumeView left, string leftPath, VolumeView right, string rightPath)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        using var a = left.GetExtents(leftPath).GetEnumerator();
        using var b = right.GetExtents(rightPath).GetEnumerator();
        var hasA = a.MoveNext();
        var hasB = b.MoveNext();
        byte[]? buffer = null;
        while (hasA && hasB)
        {
            var from = Math.Max(a.Current.Offset, b.Current.Offset);
            var to = Math.Min(End(a.Current), End(b.Current));
            if (!IsSameOrigin(a.Current, b.Current, from))
            {
                buffer = Room(buffer, to - from);
                if (Read(left, leftPath, right, rightPath, from, to, buffer) is { } difference)
                {
                    return difference;
                }
            }

            hasA = End(a.Current) > to || a.MoveNext();
            hasB = End(b.Current) > to || b.MoveNext();
        }

        return hasA ? a.Current.Offset : hasB ? b.Current.Offset : null;
    }

    /// <summary>Two halves that hold as much of a stretch as is read at once.</summary>
    private static byte[] Room(byte[]? buffer, long lengthBytes)
    {
        var needed = 2 * (int)Math.Min(BlockBytes, lengthBytes);
        return buffer?.Length >= needed ? buffer : new byte[needed];
    }

    private static long End(in StreamExtent extent) => extent.Offset + extent.Length;

    private static bool IsSameOrigin(in StreamExtent a, in StreamExtent b, long at) =>
        (IsZero(a) && IsZero(b))
        || (a.Kind == ExtentKind.Generated && b.Kind == ExtentKind.Generated && a.Profile == b.Profile && a.Seed == b.Seed
            && a.Base + (at - a.Offset) == b.Base + (at - b.Offset));

    private static bool IsZero(in StreamExtent extent) =>
        extent.Kind is ExtentKind.Hole or ExtentKind.Zero
        || (extent.Kind == ExtentKind.Generated && extent.Profile.Kind == ContentKind.Zeros);

    private static long? Read(
        VolumeView left, string leftPath, VolumeView right, string rightPath, long from, long to, byte[] buffer)
    {
        for (; from < to; from += BlockBytes)
        {
            var length = (int)Math.Min(BlockBytes, to - from);
            var a = buffer.AsSpan(0, length);
            var b = buffer.AsSpan(buffer.Length / 2, length);
            left.Read(leftPath, from, a);
            right.Read(rightPath, from, b);
            var same = a.CommonPrefixLength(b);
            if (same < length)
            {
                return from + same;
            }
        }

        return null;
    }
}
