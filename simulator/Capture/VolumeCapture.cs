using System.Globalization;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Simulator.Capture;

/// <summary>
/// Turns a data source into a recipe without contents: names, sizes, how streams are stored, allocated ranges, links, reparse
/// points, attributes, times and access control. One entry a line, in the order of the listing, written as it is read: memory
/// follows the depth of the tree, the widest directory, and the number of hard-linked files.
/// </summary>
/// <remarks>
/// What changes, appears or vanishes while it is read is in the report, since the source is listed a second time at the end; the
/// recipe stays valid, every line says what the first listing showed. Names that the recipe's volume could not hold are left out
/// and reported. Used by one thread.
/// </remarks>
public sealed class VolumeCapture
{
    private readonly IDataSource _source;
    private readonly CaptureOptions _options;
    private readonly CaptureReport _report = new();
    private readonly Dictionary<ulong, string> _firstNames = [];

    /// <summary>Prepares a capture; nothing is read yet.</summary>
    public VolumeCapture(IDataSource source, CaptureOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        _source = source;
        _options = options;
    }

    /// <summary>Writes the recipe. SourceNotFound when the source is not there; trouble with one entry is in the report.</summary>
    public async Task<CaptureReport> WriteAsync(TextWriter output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(output);
        var volume = await _source.DescribeAsync(cancellationToken);
        await output.WriteAsync(Header(volume));
        var names = new CapturedNames(volume, _options);
        var entries = new EntryWriter(volume, _options.ScrubNames ? new NameScrubber(_options.Seed) : null);
        await using var snapshot = await _source.CreateSnapshotAsync(cancellationToken);
        var look = new SecondLook();
        await foreach (var item in snapshot.EnumerateAsync(cancellationToken))
        {
            if (item.Error is { } error)
            {
                _report.LeftOut.Add(Problem(error));
                continue;
            }

            var entry = item.Entry!;
            look.Remember(entry);
            if (names.TryMap(entry.Path, entry.Kind == EntryKind.Directory, out var path, out var reason))
            {
                await output.WriteAsync(await LineAsync(snapshot, entries, entry, path, cancellationToken));
            }
            else
            {
                _report.LeftOut.Add(new CaptureProblem(entry.Path, "name-invalid", $"'{entry.Path}' is left out: {reason}."));
            }
        }

        if (!await snapshot.IsAliveAsync(cancellationToken))
        {
            _report.Changed.Add(new CaptureProblem("", "vanished", "The source disappeared while it was captured."));
            return _report;
        }

        await look.CompareAsync(snapshot, _report, cancellationToken);

        return _report;
    }

    private string Header(VolumeInfo volume)
    {
        var cluster = volume.ClusterBytes is >= 512 and <= 2 * 1024 * 1024 && int.IsPow2(volume.ClusterBytes)
            ? volume.ClusterBytes
            : 4096;
        var label = _options.ScrubNames ? "captured" : _source.DefaultName;
        var kind = volume.FileSystem.ToString().ToLowerInvariant();
        var settings = new List<string>
        {
            $"label: {RecipeText.Quote(label)}",
            $"cluster: {cluster.ToString(CultureInfo.InvariantCulture)}",
            $"sparseUnit: {cluster.ToString(CultureInfo.InvariantCulture)}",
            $"fileSystem: {kind}",
            $"fileSystemName: {RecipeText.Quote(volume.FileSystemName)}",
        };
        settings.AddRange(EntryWriter.HasShortNames(volume, _options.ScrubNames) ? ["shortNames: true"] : []);
        settings.AddRange(volume.IsCaseSensitive ? ["caseSensitive: true"] : []);
        settings.AddRange(
            volume.Kind == VolumeKind.Fixed ? [] : [$"kind: {volume.Kind.ToString().ToLowerInvariant()}"]);
        settings.AddRange(volume.IsReadOnly ? ["readOnly: true"] : []);
        return $"# A captured tree: everything but the contents{(_options.ScrubNames ? ", under other names" : "")}.\n"
            + $"seed: {_options.Seed.ToString(CultureInfo.InvariantCulture)}\nvolume: {{ {string.Join(", ", settings)} }}\nentries:\n";
    }

    private async Task<string> LineAsync(
        ISnapshot snapshot, EntryWriter entries, SourceEntry entry, string path, CancellationToken cancellationToken)
    {
        Count(entry);
        if (entry.LinkCount > 1)
        {
            if (_firstNames.TryGetValue(entry.FileReference, out var first))
            {
                _report.HardLinks++;
                return EntryWriter.HardLink(path, first);
            }

            _firstNames.Add(entry.FileReference, path);
        }

        var ranges = new Dictionary<string, IReadOnlyList<ByteRange>>(StringComparer.Ordinal);
        foreach (var stream in entry.Streams.Where(EntryWriter.NeedsRanges))
        {
            ranges[stream.Name] = await RangesAsync(snapshot, entry, stream, cancellationToken);
        }

        var rare = snapshot is IRareMetadata source
            ? await source.ReadRareMetadataAsync(entry, cancellationToken)
            : RareEntryMetadata.None;
        return entries.Line(entry, path, ranges, rare);
    }

    /// <summary>The ranges within the size that was listed, whatever the stream is by now.</summary>
    private async Task<IReadOnlyList<ByteRange>> RangesAsync(
        ISnapshot snapshot, SourceEntry entry, SourceStream stream, CancellationToken cancellationToken)
    {
        IReadOnlyList<ByteRange> whole = stream.SizeBytes == 0 ? [] : [new ByteRange(0, stream.SizeBytes)];
        if (entry.ReparseTag is not null)
        {
            return whole;
        }

        var shown = stream.Name.Length == 0 ? entry.Path : $"{entry.Path}:{stream.Name}";
        try
        {
            await using var reader = await snapshot.OpenAsync(entry, stream, cancellationToken);
            var ranges = await reader.GetAllocatedRangesAsync(cancellationToken);
            if (reader.LengthBytes != stream.ReadableBytes || !await reader.IsUnchangedAsync(cancellationToken))
            {
                _report.Changed.Add(new CaptureProblem(
                    shown, "changed", $"'{shown}' changed while it was captured; the recipe has the size that was listed."));
            }

            return
            [
                .. ranges.Where(range => range.Offset < stream.SizeBytes)
                    .Select(range => range with { Length = Math.Min(range.End, stream.SizeBytes) - range.Offset }),
            ];
        }
        catch (SourceReadException error)
        {
            _report.Changed.Add(Problem(error));
            return whole;
        }
    }

    private void Count(SourceEntry entry)
    {
        if (entry.Kind == EntryKind.Directory)
        {
            _report.Directories++;
        }
        else
        {
            _report.Files++;
            _report.LogicalBytes += entry.Streams.Where(stream => stream.Name.Length == 0).Sum(stream => stream.SizeBytes);
        }

        _report.ReparsePoints += entry.ReparseTag is null ? 0 : 1;
        _report.Streams += entry.Streams.Count(stream => stream.Name.Length > 0);
    }

    private static CaptureProblem Problem(SourceReadException error) => new(
        error.Path,
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(error.Fault.ToString()),
        error.Message);
}
