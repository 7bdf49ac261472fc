using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Simulator.Export;

/// <summary>
/// Writes a snapshot to a real volume: data and streams first, then metadata from the leaves to the root, since what is made in
/// a directory moves its times. Encrypted streams are written raw. Afterwards <see cref="ExportVerifier"/> says what is otherwise.
/// </summary>
/// <param name="source">What is exported.</param>
/// <param name="target">An empty volume.</param>
public sealed class VolumeExporter(ISnapshot source, IExportTarget target)
{
    private const int BlockBytes = 256 * 1024;
    private const long FixedBytes = 12L << 20;
    private const long FileBytes = 1536;
    private const long DirectoryBytes = 6 * 1024;

    private readonly byte[] _block = new byte[BlockBytes];
    private readonly Dictionary<ulong, string> _firstNames = [];
    private readonly List<SourceEntry> _made = [];
    private readonly ExportReport _report = new();

    /// <summary>
    /// The least size of a volume that holds a source: allocated data, records and indexes, and what a file system keeps for
    /// itself, with a margin.
    /// </summary>
    public static async Task<long> NeededBytesAsync(ISnapshot source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var bytes = FixedBytes;
        await foreach (var item in source.EnumerateAsync(cancellationToken))
        {
            if (item.Entry is { } entry)
            {
                bytes += entry.Kind == EntryKind.Directory ? DirectoryBytes : FileBytes;
                bytes += entry.Streams.Sum(stream => Math.Max(stream.AllocatedBytes, Math.Min(stream.SizeBytes, 4096)));
            }
        }

        return bytes + (bytes / 16);
    }

    /// <summary>Writes everything. What the driver refuses is in the report.</summary>
    public async Task<ExportReport> WriteAsync(CancellationToken cancellationToken)
    {
        await foreach (var item in source.EnumerateAsync(cancellationToken))
        {
            if (item.Entry is { Path.Length: > 0 } entry)
            {
                await MakeAsync(entry, cancellationToken);
            }
            else if (item.Entry is { } root)
            {
                _made.Add(root);
            }
        }

        for (var i = _made.Count - 1; i >= 0; i--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await FinishAsync(_made[i], cancellationToken);
        }

        return _report;
    }

    private async Task MakeAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Kind == EntryKind.Directory)
        {
            _report.Directories++;
            Try(entry.Path, "entry", "a directory", target.CreateDirectory(entry.Path));
        }
        else if (entry.Kind == EntryKind.Special)
        {
            Try(entry.Path, "entry", "a special file", "special files are not exported");
            return;
        }
        else if (entry.LinkCount > 1 && _firstNames.TryGetValue(entry.FileReference, out var first))
        {
            _report.Files++;
            Try(entry.Path, "link", first, target.Link(first, entry.Path));
            return;
        }
        else
        {
            _report.Files++;
            _firstNames[entry.FileReference] = entry.Path;
            var isCompressed = entry.Traits.HasFlag(EntryTraits.Compressed) && !entry.Traits.HasFlag(EntryTraits.Encrypted);
            Try(entry.Path, "entry", "a file", target.CreateFile(entry.Path, isCompressed));
        }

        _made.Add(entry);
        foreach (var stream in entry.Streams)
        {
            await WriteStreamAsync(entry, stream, cancellationToken);
        }

        if (entry.Traits.HasFlag(EntryTraits.Encrypted))
        {
            Try(entry.Path, "encryption", "encrypted", target.SetEncryption(entry.Path, entry.EncryptionInfo.Span));
        }
    }

    private async Task WriteStreamAsync(SourceEntry entry, SourceStream stream, CancellationToken cancellationToken)
    {
        var path = stream.Name.Length == 0 ? entry.Path : $"{entry.Path}:{stream.Name}";
        await using var reader = await source.OpenAsync(entry, stream, cancellationToken);
        if (reader.LengthBytes > 0 || stream.Name.Length > 0)
        {
            Try(path, "size", $"{reader.LengthBytes}", target.SetLength(path, reader.LengthBytes));
        }

        foreach (var range in await reader.GetAllocatedRangesAsync(cancellationToken))
        {
            for (var at = range.Offset; at < range.End; at += BlockBytes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var wanted = _block.AsMemory(0, (int)Math.Min(BlockBytes, range.End - at));
                var count = await reader.ReadAsync(at, wanted, cancellationToken);
                if (!Try(path, "data", $"{count} bytes at {at}", target.Write(path, at, wanted.Span[..count])))
                {
                    return;
                }

                _report.WrittenBytes += count;
            }
        }
    }

    private async Task FinishAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        if (source is IRareMetadata rare)
        {
            Finish(entry, await rare.ReadRareMetadataAsync(entry, cancellationToken));
        }

        Finish(entry);
    }

    private void Finish(SourceEntry entry, RareEntryMetadata rare)
    {
        if (rare.ShortName is { } name)
        {
            // The driver refuses one to a file with several names; on NTFS it belongs to one of them.
            Try(entry.Path, "short-name", name, target.SetShortName(entry.Path, name));
        }

        if (rare.ObjectId.Length > 0)
        {
            Try(entry.Path, "object-id", "an object id", target.SetObjectId(entry.Path, rare.ObjectId.Span));
        }

        if (rare.ExtendedAttributes.Length > 0)
        {
            Try(
                entry.Path, "extended-attributes", "a list", target.SetExtendedAttributes(entry.Path, rare.ExtendedAttributes.Span));
        }
    }

    private void Finish(SourceEntry entry)
    {
        if (entry.Security.Kind == SecurityKind.Windows)
        {
            Try(entry.Path, "security", "a descriptor", target.SetSecurity(entry.Path, entry.Security.Bytes.Span));
        }

        Try(entry.Path, "attributes", $"0x{entry.Attributes:x}", target.SetAttributes(entry.Path, entry.Attributes));
        Try(entry.Path, "times", "times", target.SetTimes(entry.Path, entry.Times));
        if (entry.ReparseTag is { } tag)
        {
            Try(entry.Path, "reparse-data", $"0x{tag:x8}", target.SetReparse(entry.Path, tag, entry.ReparseData.Span));
        }
    }

    private bool Try(string path, string property, string expected, string? refused)
    {
        if (refused is not null)
        {
            _report.Differences.Add(new ExportDifference(path, property, expected, $"refused: {refused}"));
        }

        return refused is null;
    }
}
