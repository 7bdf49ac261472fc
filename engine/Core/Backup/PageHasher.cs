using Harness.Engine.Crypto;
using Harness.Engine.Format;

namespace Harness.Engine.Backup;

/// <summary>Page fingerprints and range digests (FORMAT.md section 7). Pure; safe on any thread.</summary>
internal static class PageHasher
{
    public static int PagesOf(int lengthBytes) => (lengthBytes + FormatLimits.PageBytes - 1) / FormatLimits.PageBytes;

    public static int PageLength(int rangeLengthBytes, int page) =>
        Math.Min(FormatLimits.PageBytes, rangeLengthBytes - (page * FormatLimits.PageBytes));

    /// <summary>Fingerprints the pages of a range; 16 bytes each.</summary>
    public static void Fingerprint(KeyRing keys, ReadOnlySpan<byte> range, Span<byte> fingerprints)
    {
        for (var page = 0; page < PagesOf(range.Length); page++)
        {
            FingerprintPage(
                keys,
                range.Slice(page * FormatLimits.PageBytes, PageLength(range.Length, page)),
                fingerprints.Slice(page * FormatLimits.FingerprintBytes, FormatLimits.FingerprintBytes));
        }
    }

    public static void FingerprintPage(KeyRing keys, ReadOnlySpan<byte> page, Span<byte> fingerprint)
    {
        if (page.ContainsAnyExcept((byte)0))
        {
            keys.Fingerprint(page, fingerprint);
        }
        else
        {
            fingerprint.Clear();
        }
    }

    public static void Digest(KeyRing keys, ReadOnlySpan<byte> fingerprints, Span<byte> digest)
    {
        if (!fingerprints.ContainsAnyExcept((byte)0))
        {
            digest.Clear();
        }
        else if (fingerprints.Length == FormatLimits.FingerprintBytes)
        {
            fingerprints.CopyTo(digest);
        }
        else
        {
            keys.Digest(fingerprints, digest);
        }
    }

    public static bool IsZero(ReadOnlySpan<byte> fingerprints, int page) =>
        !fingerprints.Slice(page * FormatLimits.FingerprintBytes, FormatLimits.FingerprintBytes).ContainsAnyExcept((byte)0);
}
