using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Export;

/// <summary>
/// Reads an exported volume back and says, entry by entry, what it has otherwise: that is what the driver could not express.
/// Access times are not compared. Memory follows the number of entries.
/// </summary>
public static class ExportVerifier
{
    private const uint ComparedAttributes = 0x3127 | 0x400 | 0x800 | 0x4000;
    private const EntryTraits StorageTraits = EntryTraits.Sparse | EntryTraits.Compressed | EntryTraits.Encrypted;

    /// <summary>Every difference in the order of the listing.</summary>
    public static async Task<IReadOnlyList<ExportDifference>> CompareAsync(
        ISnapshot expected, ISnapshot actual, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        var found = new List<ExportDifference>();
        var real = new Dictionary<string, SourceEntry>(StringComparer.Ordinal);
        await foreach (var item in actual.EnumerateAsync(cancellationToken))
        {
            if (item.Entry is { } entry)
            {
                real.Add(entry.Path, entry);
            }
            else
            {
                found.Add(new ExportDifference(item.Error!.Path, "entry", "readable", item.Error.Message));
            }
        }

        await foreach (var item in expected.EnumerateAsync(cancellationToken))
        {
            if (item.Entry is { } entry && real.TryGetValue(entry.Path, out var other))
            {
                Compare(entry, other, found);
                await CompareRareAsync(expected, actual, entry, other, found, cancellationToken);
                await CompareStreamsAsync(expected, actual, entry, other, found, cancellationToken);
            }
            else if (item.Entry is { Path: var path })
            {
                found.Add(new ExportDifference(path, "entry", "present", "absent"));
            }
        }

        return found;
    }

    private static void Compare(SourceEntry expected, SourceEntry actual, List<ExportDifference> found)
    {
        void Check(string property, string wanted, string seen)
        {
            if (wanted != seen)
            {
                found.Add(new ExportDifference(expected.Path, property, wanted, seen));
            }
        }

        Check("attributes", $"0x{expected.Attributes & ComparedAttributes:x}", $"0x{actual.Attributes & ComparedAttributes:x}");
        Check("link-count", $"{expected.LinkCount}", $"{actual.LinkCount}");
        Check("reparse-tag", $"0x{expected.ReparseTag ?? 0:x8}", $"0x{actual.ReparseTag ?? 0:x8}");
        Check("reparse-data", Convert.ToHexString(expected.ReparseData.Span), Convert.ToHexString(actual.ReparseData.Span));
        Check("creation-time", Time(expected.Times.Created), Time(actual.Times.Created));
        Check("write-time", Time(expected.Times.Written), Time(actual.Times.Written));
        Check("change-time", Time(expected.Times.Changed), Time(actual.Times.Changed));
        if (expected.Security.Kind != SecurityKind.None)
        {
            Check("security", Security(expected), Security(actual));
        }
    }

    private static async Task CompareRareAsync(
        ISnapshot expectedVolume, ISnapshot actualVolume, SourceEntry expected, SourceEntry actual,
        List<ExportDifference> found, CancellationToken cancellationToken)
    {
        if (expectedVolume is not IRareMetadata simulated || actualVolume is not IRareMetadata real)
        {
            return;
        }

        var wanted = await simulated.ReadRareMetadataAsync(expected, cancellationToken);
        var seen = await real.ReadRareMetadataAsync(actual, cancellationToken);
        void Check(string property, string before, string after)
        {
            if (before != after)
            {
                found.Add(new ExportDifference(expected.Path, property, before, after));
            }
        }

        Check("short-name", wanted.ShortName ?? "none", seen.ShortName ?? "none");
        Check("object-id", Hex(wanted.ObjectId), Hex(seen.ObjectId));
        Check("extended-attributes", Attributes(wanted), Attributes(seen));
    }

    private static string Hex(ReadOnlyMemory<byte> bytes) => bytes.Length == 0 ? "none" : Convert.ToHexString(bytes.Span);

    /// <summary>In one order and without padding, in which lists differ.</summary>
    private static string Attributes(RareEntryMetadata metadata) => metadata.ExtendedAttributes.Length == 0 ? "none" : string.Join(
        ' ',
        ExtendedAttributes.FromList(metadata.ExtendedAttributes.Span).OrderBy(attribute => attribute.Name, StringComparer.Ordinal)
            .Select(attribute => $"{attribute.Name}={Convert.ToHexString(attribute.Value.Span)}"));

    private static async Task CompareStreamsAsync(
        ISnapshot expectedVolume, ISnapshot actualVolume, SourceEntry expected, SourceEntry actual,
        List<ExportDifference> found, CancellationToken cancellationToken)
    {
        foreach (var stream in expected.Streams)
        {
            var path = stream.Name.Length == 0 ? expected.Path : $"{expected.Path}:{stream.Name}";
            if (actual.Streams.FirstOrDefault(other => other.Name == stream.Name) is not { } other)
            {
                found.Add(new ExportDifference(path, "stream", "present", "absent"));
                continue;
            }

            if (stream.SizeBytes != other.SizeBytes)
            {
                found.Add(new ExportDifference(path, "size", $"{stream.SizeBytes}", $"{other.SizeBytes}"));
            }

            var (wanted, seen) = (stream.Traits & StorageTraits, other.Traits & StorageTraits);
            if (wanted != seen)
            {
                found.Add(new ExportDifference(path, "storage", wanted.ToString(), seen.ToString()));
            }

            if (wanted.HasFlag(EntryTraits.Sparse) && stream.RawSizeBytes is null && expected.ReparseTag is null)
            {
                var before = await RangesAsync(expectedVolume, expected, stream, cancellationToken);
                var after = await RangesAsync(actualVolume, actual, other, cancellationToken);
                if (before != after)
                {
                    found.Add(new ExportDifference(path, "sparse-ranges", before, after));
                }
            }
        }
    }

    private static async Task<string> RangesAsync(
        ISnapshot volume, SourceEntry entry, SourceStream stream, CancellationToken cancellationToken)
    {
        await using var reader = await volume.OpenAsync(entry, stream, cancellationToken);
        return string.Join(
            ',', (await reader.GetAllocatedRangesAsync(cancellationToken)).Select(range => $"{range.Offset}..{range.End}"));
    }

    private static string Time(Timestamp? time) => time?.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ") ?? "none";

    private static string Security(SourceEntry entry) =>
        $"{entry.Security.Kind}:{Convert.ToHexString(entry.Security.Bytes.Span)}";
}
