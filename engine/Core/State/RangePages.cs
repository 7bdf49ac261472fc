namespace Harness.Engine.State;

/// <summary>What is known of the pages of one range in the previous recovery point.</summary>
/// <param name="Fingerprints">16 bytes for each page.</param>
/// <param name="Sums">A sum for each page, for matching; null when they are not at hand.</param>
internal sealed record RangePages(byte[] Fingerprints, uint[]? Sums);
