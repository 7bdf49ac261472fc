using System.Buffers.Binary;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Matching;

namespace Harness.Engine.State;

/// <summary>
/// The form in which the pages file has a range: which of its pages are not zeros, unless all are (32 bytes), then masked their
/// fingerprints (16 bytes each) and their sums (4 each). 20 bytes for a page of data: 5 MiB for a GiB.
/// </summary>
internal static class PageBlock
{
    /// <summary>Of a page that is not zeros.</summary>
    public const int BytesPerPage = FormatLimits.FingerprintBytes + RollingSum.SizeBytes;

    private const int MapBytes = FormatLimits.PagesPerRange / 8;

    /// <summary>Bytes of the longest block of so many pages.</summary>
    public static int LongestBytes(int pages) => MapBytes + (pages * BytesPerPage);

    public static int LengthOf(int pages, int kept) => (kept < pages ? MapBytes : 0) + (kept * BytesPerPage);

    /// <summary>Pages that are not zeros.</summary>
    public static int CountKept(ReadOnlySpan<byte> fingerprints)
    {
        var kept = 0;
        for (var at = 0; at < fingerprints.Length; at += FormatLimits.FingerprintBytes)
        {
            kept += IsKept(fingerprints, at) ? 1 : 0;
        }

        return kept;
    }

    /// <summary>Writes a block; <paramref name="digest"/> is that of the range. Returns how many pages it keeps.</summary>
    public static int Encode(
        KeyRing keys, ReadOnlySpan<byte> fingerprints, ReadOnlySpan<uint> sums, ReadOnlySpan<byte> digest, Span<byte> block)
    {
        var (pages, kept) = (sums.Length, CountKept(fingerprints));
        var start = kept < pages ? MapBytes : 0;
        block[..start].Clear();
        var keptFingerprints = block.Slice(start, kept * FormatLimits.FingerprintBytes);
        var keptSums = block.Slice(start + keptFingerprints.Length, kept * RollingSum.SizeBytes);
        var next = 0;
        for (var page = 0; page < pages; page++)
        {
            var at = page * FormatLimits.FingerprintBytes;
            if (!IsKept(fingerprints, at))
            {
                continue;
            }

            if (start > 0)
            {
                block[page >> 3] |= (byte)(1 << (page & 7));
            }

            fingerprints.Slice(at, FormatLimits.FingerprintBytes).CopyTo(keptFingerprints[(next * FormatLimits.FingerprintBytes)..]);
            BinaryPrimitives.WriteUInt32LittleEndian(keptSums[(next * RollingSum.SizeBytes)..], sums[page]);
            next++;
        }

        keys.MaskPages(digest, block.Slice(start, kept * BytesPerPage));
        return kept;
    }

    /// <summary>Reads a block that has the right length; whether its fingerprints are right is for the caller to see.</summary>
    public static RangePages Decode(KeyRing keys, Span<byte> block, int pages, int kept, ReadOnlySpan<byte> digest)
    {
        var (fingerprints, sums) = (new byte[pages * FormatLimits.FingerprintBytes], new uint[pages]);
        var start = kept < pages ? MapBytes : 0;
        keys.MaskPages(digest, block.Slice(start, kept * BytesPerPage));
        var keptFingerprints = block.Slice(start, kept * FormatLimits.FingerprintBytes);
        var keptSums = block.Slice(start + keptFingerprints.Length, kept * RollingSum.SizeBytes);
        var next = 0;
        for (var page = 0; page < pages && next < kept; page++)
        {
            if (start > 0 && (block[page >> 3] & (1 << (page & 7))) == 0)
            {
                continue;
            }

            keptFingerprints.Slice(next * FormatLimits.FingerprintBytes, FormatLimits.FingerprintBytes)
                .CopyTo(fingerprints.AsSpan(page * FormatLimits.FingerprintBytes));
            sums[page] = BinaryPrimitives.ReadUInt32LittleEndian(keptSums[(next * RollingSum.SizeBytes)..]);
            next++;
        }

        return new RangePages(fingerprints, sums);
    }

    private static bool IsKept(ReadOnlySpan<byte> fingerprints, int at) =>
        fingerprints.Slice(at, FormatLimits.FingerprintBytes).ContainsAnyExcept((byte)0);
}
