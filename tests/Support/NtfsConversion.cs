using Harness.Engine.Model;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Volume;
using Harness.Tests.Local;

namespace Harness.Tests.Support;

/// <summary>A simulated volume as items for a real one. What ntfs-3g cannot make is left out and listed with the reason.</summary>
/// <param name="Items">Directories before their content.</param>
/// <param name="Inexpressible">Path, or path:stream, and why the driver cannot make it.</param>
internal sealed record NtfsConversion(
    IReadOnlyList<NtfsItem> Items, IReadOnlyDictionary<string, string> Inexpressible)
{
    internal const string EncryptedAndCompressed = "the driver refuses to encrypt what is compressed";
    internal const string CompressedAndSparse = "the driver marks a compressed file with holes compressed only";
    internal const string StoredUnlikeItsFile = "the driver compresses and encrypts a stream when its file is, and only then";
    internal const string SparseWithoutHoles = "the driver marks a stream sparse when it has a hole, and only then";

    private const uint SettableAttributes = 0x3127;
    private const int RawTrailerBytes = 2;

    internal static async Task<NtfsConversion> OfAsync(SimVolume volume)
    {
        await using var listing = await SourceListing.OfAsync(new SimDataSource(volume));
        var items = new List<NtfsItem>();
        var inexpressible = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var firstNames = new Dictionary<ulong, string>();
        foreach (var path in listing.Order.Where(path => path.Length > 0))
        {
            var entry = listing[path];
            if (firstNames.TryGetValue(entry.FileReference, out var first))
            {
                items.Add(new NtfsItem { Path = path, HardLinkTo = first });
            }
            else if (ReasonAgainst(entry) is { } reason)
            {
                inexpressible.Add(path, reason);
            }
            else
            {
                items.Add(await ItemOfAsync(volume, listing, entry, inexpressible));
                firstNames.Add(entry.FileReference, path);
            }
        }

        return new NtfsConversion(items, inexpressible);
    }

    private static string? ReasonAgainst(SourceEntry entry) =>
        Has(entry.Traits, EntryTraits.Encrypted | EntryTraits.Compressed) ? EncryptedAndCompressed
        : Has(entry.Traits, EntryTraits.Compressed | EntryTraits.Sparse) ? CompressedAndSparse
        : null;

    private static string? ReasonAgainst(SourceEntry entry, SourceStream stream, NtfsData data)
    {
        const EntryTraits FollowsFile = EntryTraits.Compressed | EntryTraits.Encrypted;
        var isSparse = Has(stream.Traits, EntryTraits.Sparse);
        return stream.Name.Length > 0 && (stream.Traits & FollowsFile) != (entry.Traits & FollowsFile) ? StoredUnlikeItsFile
            : isSparse && data.Pieces.Sum(piece => (long)piece.Bytes.Length) == data.SizeBytes ? SparseWithoutHoles
            : null;
    }

    private static async Task<NtfsItem> ItemOfAsync(
        SimVolume volume, SourceListing listing, SourceEntry entry, SortedDictionary<string, string> inexpressible)
    {
        var original = volume.Get(entry.Path);
        var streams = new List<NtfsStream>();
        NtfsData? data = null;
        foreach (var stream in entry.Streams)
        {
            var content = await DataOfAsync(volume, listing, entry, stream);
            if (ReasonAgainst(entry, stream, content) is { } reason)
            {
                inexpressible.Add(stream.Name.Length == 0 ? entry.Path : $"{entry.Path}:{stream.Name}", reason);
            }
            else if (stream.Name.Length == 0)
            {
                data = content;
            }
            else
            {
                streams.Add(new NtfsStream(stream.Name, []) { Data = content });
            }
        }

        return new NtfsItem
        {
            Path = entry.Path,
            IsDirectory = entry.Kind == EntryKind.Directory,
            Data = data,
            IsCompressed = original.Attributes.HasFlag(FileAttributes.Compressed),
            IsEncrypted = original.Attributes.HasFlag(FileAttributes.Encrypted),
            Attributes = entry.Attributes & SettableAttributes,
            ReparseData = original.ReparseTag is { } tag ? ReparseBuffers.Of(tag, original.ReparseData.Span) : null,
            Streams = streams,
            SecurityDescriptor = entry.Security.Kind == SecurityKind.Windows ? entry.Security.Bytes.ToArray() : null,
            Times = (
                entry.Times.Created!.Value.ToFileTime(),
                entry.Times.Written!.Value.ToFileTime(),
                entry.Times.Accessed!.Value.ToFileTime()),
        };
    }

    private static async Task<NtfsData> DataOfAsync(
        SimVolume volume, SourceListing listing, SourceEntry entry, SourceStream stream)
    {
        await using var reader = await listing.Snapshot.OpenAsync(entry, stream, default);
        var pieces = new List<(long Offset, byte[] Bytes)>();
        var isRawAndSparse = Has(stream.Traits, EntryTraits.Encrypted | EntryTraits.Sparse);
        var ranges = isRawAndSparse
            ? [.. volume.QueryAllocatedRanges(entry.Path), new ByteRange(reader.LengthBytes - RawTrailerBytes, RawTrailerBytes)]
            : await reader.GetAllocatedRangesAsync(default);
        foreach (var range in ranges)
        {
            var bytes = new byte[range.Length];
            _ = await reader.ReadAsync(range.Offset, bytes, default);
            pieces.Add((range.Offset, bytes));
        }

        return new NtfsData(reader.LengthBytes, pieces);
    }

    private static bool Has(EntryTraits traits, EntryTraits all) => (traits & all) == all;
}
