namespace Harness.Scenarios.Searches.SecondReader;

/// <summary>Where a segment is in a pack, by a footer or an index blob: FORMAT.md sections 5 and 6.</summary>
internal readonly record struct SegmentPlace(
    string Id, uint Ordinal, uint Offset, uint StoredBytes, uint RawBytes, byte Codec, byte Type);
