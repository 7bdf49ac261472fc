namespace Harness.Tests.Support;

/// <summary>Bytes of one stream as a reader of the mount sees them: raw when the file is encrypted.</summary>
/// <param name="SizeBytes">Length; what no piece covers is a hole.</param>
/// <param name="Pieces">Ascending, not touching.</param>
internal sealed record NtfsData(long SizeBytes, IReadOnlyList<(long Offset, byte[] Bytes)> Pieces);
