using System.Globalization;
using Harness.Engine.Model;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Capture;

/// <summary>Writes one entry as one line of a recipe.</summary>
/// <param name="volume">The source's volume.</param>
/// <param name="scrubber">Replaces names of streams and link targets; null leaves them.</param>
internal sealed class EntryWriter(VolumeInfo volume, NameScrubber? scrubber)
{
    private const EntryTraits StorageTraits = EntryTraits.Sparse | EntryTraits.Compressed | EntryTraits.Encrypted;
    private const uint StorageBits = 0x200 | 0x800 | 0x4000;
    private const uint KindBits = 0x10 | 0x400 | 0x80;

    private static readonly (uint Bit, string Name)[] AttributeNames =
    [
        (0x1, "read-only"), (0x2, "hidden"), (0x4, "system"), (0x20, "archive"), (0x100, "temporary"), (0x1000, "offline"),
        (0x2000, "not-content-indexed"),
    ];

    private readonly Dictionary<EntrySecurity, string> _anchors = [];

    /// <summary>Whether the allocated ranges of a stream say more than its size.</summary>
    public static bool NeedsRanges(SourceStream stream) =>
        stream.Traits.HasFlag(EntryTraits.Sparse) && stream.SizeBytes > 0 && stream.RawSizeBytes is null;

    /// <summary>Whether the recipe says which short names there are; a scrubbed one does not, they tell the first letters.</summary>
    public static bool HasShortNames(VolumeInfo volume, bool isScrubbed) =>
        volume.FileSystem == FileSystemKind.Ntfs && !isScrubbed;

    /// <summary>A further name of a file.</summary>
    public static string HardLink(string path, string first) =>
        $"  - {{ path: {RecipeText.Quote(path)}, type: hard-link, target: {RecipeText.Quote(first)} }}\n";

    /// <summary>An entry.</summary>
    /// <param name="entry">As it was listed.</param>
    /// <param name="path">Its path in the recipe.</param>
    /// <param name="ranges">Allocated ranges of its sparse streams, by name.</param>
    /// <param name="rare">Short name, object id and extended attributes.</param>
    public string Line(
        SourceEntry entry, string path, IReadOnlyDictionary<string, IReadOnlyList<ByteRange>> ranges, RareEntryMetadata rare)
    {
        var isDirectory = entry.Kind == EntryKind.Directory;
        var main = entry.Streams.FirstOrDefault(stream => stream.Name.Length == 0);
        var fields = new List<string> { $"path: {RecipeText.Quote(path)}" };
        fields.AddRange(TypeOf(entry, isDirectory));
        AddAttributes(fields, entry, main);
        fields.AddRange(NeedsForce(entry, main, isDirectory) ? ["force: true"] : []);
        AddData(fields, main, ranges);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var streams = entry.Streams.Where(stream => stream.Name.Length > 0)
            .Select(stream => Stream(stream, StreamName(stream.Name, taken), ranges)).ToList();
        fields.AddRange(streams.Count == 0 ? [] : [$"streams: [{string.Join(", ", streams)}]"]);
        fields.AddRange(entry.LinkCount > 1 ? [$"links: {Number(entry.LinkCount)}"] : []);
        AddRare(fields, entry, rare);
        AddTimes(fields, entry.Times);
        fields.AddRange(entry.Security.Kind == SecurityKind.None ? [] : [$"security: {Security(entry.Security)}"]);
        return $"  - {{ {string.Join(", ", fields)} }}\n";
    }

    private List<string> TypeOf(SourceEntry entry, bool isDirectory)
    {
        if (entry.ReparseTag is { } tag)
        {
            var data = scrubber is null
                ? entry.ReparseData.ToArray()
                : ReparseScrubber.Scrub(tag, entry.ReparseData.Span, scrubber);
            return
            [
                $"tag: \"{ReparseTags.NameOf(tag)}\"", $"reparseData: \"{Convert.ToBase64String(data)}\"",
                .. isDirectory ? ["directory: true"] : Array.Empty<string>(),
            ];
        }

        return entry.Traits.HasFlag(EntryTraits.MountPoint) && isDirectory ? ["type: mount-point"]
            : entry.Kind == EntryKind.Special ? ["type: special"]
            : isDirectory ? ["type: directory"]
            : [];
    }

    private void AddAttributes(List<string> fields, SourceEntry entry, SourceStream? main)
    {
        var names = AttributeNames.Where(row => (entry.Attributes & row.Bit) != 0).Select(row => row.Name).ToList();
        if (names.Count == 0 && (entry.Kind != EntryKind.Directory || entry.Path.Length == 0))
        {
            names.Add("normal");
        }

        var storage = main?.Traits ?? (entry.Traits & ~EntryTraits.Sparse);
        fields.AddRange(names.Count == 0 && (storage & StorageTraits) == EntryTraits.None
            ? []
            : [$"attributes: [{string.Join(", ", names.Concat(StorageNames(storage)))}]"]);
        var others = entry.Attributes & ~AttributeNames.Aggregate(StorageBits | KindBits, (all, row) => all | row.Bit);
        fields.AddRange(others == 0 ? [] : [$"bits: \"0x{others:x}\""]);
    }

    /// <summary>Whether the state is one that NTFS would not make by itself from the attributes of the file.</summary>
    private bool NeedsForce(SourceEntry entry, SourceStream? main, bool isDirectory)
    {
        var own = (main?.Traits ?? entry.Traits) & StorageTraits;
        var all = entry.Streams.Select(stream => stream.Traits & StorageTraits).Append(own).ToList();
        return all.Exists(traits => traits.HasFlag(EntryTraits.Encrypted | EntryTraits.Compressed)
                || (volume.FileSystem != FileSystemKind.Ntfs && traits != EntryTraits.None)
                || (traits.HasFlag(EntryTraits.Compressed) && volume.ClusterBytes > 4096))
            || (!isDirectory && own.HasFlag(EntryTraits.Encrypted) && all.Exists(traits => !traits.HasFlag(EntryTraits.Encrypted)));
    }

    /// <summary>The scrubbed name of a stream, another one where a stream of the file has the first.</summary>
    private string StreamName(string name, HashSet<string> taken)
    {
        if (scrubber is null)
        {
            return name;
        }

        var attempt = 0;
        var scrubbed = scrubber.Stream(name);
        while (!taken.Add(scrubbed))
        {
            scrubbed = scrubber.Name(name, ++attempt);
        }

        return scrubbed;
    }

    private static string Stream(
        SourceStream stream, string name, IReadOnlyDictionary<string, IReadOnlyList<ByteRange>> ranges)
    {
        var fields = new List<string> { $"name: {RecipeText.Quote(name)}" };
        fields.AddRange((stream.Traits & StorageTraits) == EntryTraits.None
            ? []
            : [$"attributes: [{string.Join(", ", StorageNames(stream.Traits))}]"]);
        AddData(fields, stream, ranges);
        return $"{{ {string.Join(", ", fields)} }}";
    }

    private static void AddData(
        List<string> fields, SourceStream? stream, IReadOnlyDictionary<string, IReadOnlyList<ByteRange>> ranges)
    {
        if (stream is null || stream.SizeBytes == 0)
        {
            return;
        }

        fields.Add($"size: {Number(stream.SizeBytes)}");
        if (ranges.TryGetValue(stream.Name, out var allocated))
        {
            fields.Add($"allocated: [{string.Join(", ", allocated.Select(r => $"{Number(r.Offset)}..{Number(r.End)}"))}]");
        }
        else if (stream.Traits.HasFlag(EntryTraits.Compressed) && stream.AllocatedBytes < stream.SizeBytes)
        {
            var ratio = (double)stream.AllocatedBytes / stream.SizeBytes;
            fields.Add($"compressesTo: {ratio.ToString("0.###", CultureInfo.InvariantCulture)}");
        }
    }

    /// <summary>
    /// A volume that is not case-sensitive would make short names that are not there, hence the empty ones. Object ids tell
    /// nothing; values of extended attributes become zeros.
    /// </summary>
    private void AddRare(List<string> fields, SourceEntry entry, RareEntryMetadata rare)
    {
        if (HasShortNames(volume, scrubber is not null) && entry.Path.Length > 0
            && (rare.ShortName is not null || (!volume.IsCaseSensitive && !ShortNames.IsLegal(entry.Name))))
        {
            fields.Add($"shortName: {RecipeText.Quote(rare.ShortName ?? "")}");
        }

        if (rare.ObjectId.Length is 16 or ObjectIdBuffer.LengthBytes)
        {
            fields.Add($"objectId: \"{Convert.ToBase64String(ObjectIdBuffer.Parse(rare.ObjectId.Span).ToBytes())}\"");
        }

        var attributes = ExtendedAttributes.FromList(rare.ExtendedAttributes.Span)
            .Where(attribute => ExtendedAttributes.WhyInvalid(attribute) is null)
            .Select((attribute, index) => Attribute(scrubber is null ? attribute : Scrubbed(attribute, index))).ToList();
        fields.AddRange(attributes.Count == 0 ? [] : [$"extendedAttributes: [{string.Join(", ", attributes)}]"]);
    }

    private static string Attribute(ExtendedAttribute attribute) =>
        $"{{ name: {RecipeText.Quote(attribute.Name)}, value: \"{Convert.ToBase64String(attribute.Value.Span)}\""
            + $"{(attribute.IsNeeded ? ", needed: true" : "")} }}";

    private static ExtendedAttribute Scrubbed(ExtendedAttribute attribute, int index) => attribute with
    {
        Name = attribute.Name.StartsWith('$') ? attribute.Name : $"EA{Number(index)}".PadRight(attribute.Name.Length, 'X'),
        Value = new byte[attribute.Value.Length],
    };

    private static void AddTimes(List<string> fields, EntryTimes times)
    {
        (string Name, Timestamp? Time)[] all =
        [
            ("created", times.Created), ("written", times.Written), ("changed", times.Changed), ("accessed", times.Accessed),
        ];
        foreach (var (name, time) in all)
        {
            fields.AddRange(time is { } value ? [$"{name}: \"{RecipeText.Time(value)}\""] : []);
        }
    }

    /// <summary>The first use has an anchor, further ones refer to it: a tree has few different ones.</summary>
    private string Security(EntrySecurity security)
    {
        if (_anchors.TryGetValue(security, out var anchor))
        {
            return "*" + anchor;
        }

        anchor = $"s{Number(_anchors.Count + 1)}";
        _anchors.Add(security, anchor);
        return security.ToPosix() is { } posix
            ? $"&{anchor} \"posix:{Convert.ToString(posix.Mode, 8)}:{Number(posix.Uid)}:{Number(posix.Gid)}\""
            : $"&{anchor} \"windows:{Convert.ToBase64String(security.Bytes.Span)}\"";
    }

    private static IEnumerable<string> StorageNames(EntryTraits traits)
    {
        if (traits.HasFlag(EntryTraits.Sparse))
        {
            yield return "sparse";
        }

        if (traits.HasFlag(EntryTraits.Compressed))
        {
            yield return "compressed";
        }

        if (traits.HasFlag(EntryTraits.Encrypted))
        {
            yield return "encrypted";
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
