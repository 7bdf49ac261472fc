using Harness.Engine.Format;
using Harness.Engine.State;

namespace Harness.Engine.Matching;

/// <summary>What is known of the pages of a few ranges of the previous version that follow one another. Immutable.</summary>
/// <param name="FirstRange">Number of the first.</param>
/// <param name="Ranges">Their pages, null where they are not known.</param>
/// <param name="WholePages">Pages of the previous version that are whole.</param>
internal sealed record KnownPages(long FirstRange, IReadOnlyList<RangePages?> Ranges, long WholePages)
{
    /// <summary>Finds a page; false when it is not known or not whole.</summary>
    public bool TryFind(long page, out uint sum, out ReadOnlySpan<byte> fingerprint)
    {
        sum = 0;
        fingerprint = default;
        var range = (page / FormatLimits.PagesPerRange) - FirstRange;
        if (page < 0 || page >= WholePages || range < 0 || range >= Ranges.Count || Ranges[(int)range] is not { Sums: { } sums } known)
        {
            return false;
        }

        var at = (int)(page % FormatLimits.PagesPerRange);
        sum = sums[at];
        fingerprint = known.Fingerprints.AsSpan(at * FormatLimits.FingerprintBytes, FormatLimits.FingerprintBytes);
        return true;
    }
}
