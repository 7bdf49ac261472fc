using Harness.Engine.Format;

namespace Harness.Engine.Prune;

/// <summary>The data that a record refers to.</summary>
internal static class RecordSegments
{
    /// <summary>Extents of data of a record in full form; offsets are of no meaning here.</summary>
    public static IEnumerable<Extent> ExtentsOf(RecordKey key, byte[] payload)
    {
        IEnumerable<Extent> extents = key.Space switch
        {
            RecordKey.Entries => RecordCodec.DecodeEntry(key.Id, payload, parent: null).Streams
                .SelectMany(stream => stream.Content?.Extents.Extents ?? []),
            RecordKey.Regions => RecordCodec.DecodeRegion(payload, parent: null).Extents.Extents,
            _ => [],
        };
        return extents.Where(extent => extent.Kind == ExtentKind.Data);
    }

    /// <summary>Segments of a record in full form.</summary>
    public static IEnumerable<Hash256> Of(RecordKey key, byte[] payload) =>
        ExtentsOf(key, payload).Select(extent => extent.Segment!.Id).Distinct();
}
