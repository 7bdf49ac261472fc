using Harness.Engine.Local.Ntfs;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Export;

namespace Harness.Scenarios.Running.Ntfs;

/// <summary>Does to a mounted volume what happened between two snapshots of the simulated one.</summary>
/// <param name="root">Where the volume is mounted.</param>
/// <param name="before">The snapshot that the volume is equal to.</param>
/// <param name="after">The snapshot that it becomes equal to.</param>
internal sealed class NtfsFollower(string root, ISnapshot before, ISnapshot after)
{
    private const int PageBytes = 4096;
    private const string Aside = ".harness-moved-";

    private readonly NtfsImageWriter _writer = new(root);

    /// <summary>Applies everything: what left, what moved, what came, what changed.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        var (old, now) = (await ListAsync(before, cancellationToken), await ListAsync(after, cancellationToken));
        var (oldReferences, newReferences) = (References(old), References(now));
        foreach (var entry in old.Values.Where(e => e.Kind == EntryKind.Directory))
        {
            if (newReferences.TryGetValue(entry.FileReference, out var place) && place != entry.Path)
            {
                throw new NotHeldException($"the edit moves the directory {entry.Path}, which is not followed");
            }
        }

        // Reversed, so that what is in a directory leaves before it; moved aside first, since two files may swap names.
        var moved = new Dictionary<ulong, string>();
        foreach (var entry in old.Values.Reverse().Where(e => now.GetValueOrDefault(e.Path)?.FileReference != e.FileReference))
        {
            if (newReferences.ContainsKey(entry.FileReference) && !moved.ContainsKey(entry.FileReference)
                && !now.Values.Any(e => e.FileReference == entry.FileReference && old.GetValueOrDefault(e.Path)?.FileReference == e.FileReference))
            {
                moved.Add(entry.FileReference, Aside + moved.Count);
                File.Move(At(entry.Path), At(moved[entry.FileReference]));
            }
            else if (entry.Kind == EntryKind.Directory)
            {
                Directory.Delete(At(entry.Path));
            }
            else
            {
                File.Delete(At(entry.Path));
            }
        }

        await CreateAsync(oldReferences, cancellationToken);
        foreach (var entry in now.Values.Where(e => oldReferences.ContainsKey(e.FileReference) && old.GetValueOrDefault(e.Path)?.FileReference != e.FileReference))
        {
            if (moved.Remove(entry.FileReference, out var aside))
            {
                File.Move(At(aside), At(entry.Path));
            }
            else
            {
                var first = now.Values.First(e => e.FileReference == entry.FileReference && Path.Exists(At(e.Path)));
                Require(entry.Path, _writer.Link(first.Path, entry.Path));
            }
        }

        foreach (var entry in now.Values.DistinctBy(e => e.FileReference).Where(e => oldReferences.ContainsKey(e.FileReference)))
        {
            await ChangeAsync(old[oldReferences[entry.FileReference]], entry, cancellationToken);
        }
    }

    private static async Task<OrderedDictionary<string, SourceEntry>> ListAsync(ISnapshot snapshot, CancellationToken cancellationToken)
    {
        var entries = new OrderedDictionary<string, SourceEntry>(StringComparer.Ordinal);
        await foreach (var item in snapshot.EnumerateAsync(cancellationToken))
        {
            if (item.Entry is { Path.Length: > 0 } entry)
            {
                entries.Add(entry.Path, entry);
            }
        }

        return entries;
    }

    private static Dictionary<ulong, string> References(OrderedDictionary<string, SourceEntry> entries) =>
        entries.Values.GroupBy(entry => entry.FileReference).ToDictionary(group => group.Key, group => group.First().Path);

    private async Task CreateAsync(Dictionary<ulong, string> old, CancellationToken cancellationToken)
    {
        var part = new SnapshotPart(after, entry => entry.Path.Length > 0 && !old.ContainsKey(entry.FileReference));
        var report = await new VolumeExporter(part, new NtfsExportTarget(_writer)).WriteAsync(cancellationToken);
        if (report.Differences.Count > 0)
        {
            var refused = report.Differences[0];
            throw new NotHeldException($"{refused.Path}: {refused.Property} {refused.Actual}");
        }
    }

    private async Task ChangeAsync(SourceEntry old, SourceEntry now, CancellationToken cancellationToken)
    {
        if (now.Attributes != old.Attributes)
        {
            Require(now.Path, _writer.SetAttributes(now.Path, now.Attributes));
        }

        foreach (var gone in old.Streams.Where(stream => now.Streams.All(other => other.Name != stream.Name)))
        {
            File.Delete(At($"{now.Path}:{gone.Name}"));
        }

        foreach (var stream in now.Streams)
        {
            var path = stream.Name.Length == 0 ? now.Path : $"{now.Path}:{stream.Name}";
            await WriteAsync(path, old, old.Streams.FirstOrDefault(other => other.Name == stream.Name), now, stream, cancellationToken);
        }
    }

    private async Task WriteAsync(
        string path, SourceEntry oldEntry, SourceStream? oldStream, SourceEntry entry, SourceStream stream, CancellationToken cancellationToken)
    {
        await using var reader = await after.OpenAsync(entry, stream, cancellationToken);
        await using var earlier = oldStream is null ? null : await before.OpenAsync(oldEntry, oldStream, cancellationToken);
        if (earlier?.LengthBytes != reader.LengthBytes)
        {
            Require(path, _writer.SetLength(path, reader.LengthBytes));
        }

        // What neither has allocated is a hole in both.
        var pages = new SortedSet<long>();
        foreach (var source in new[] { reader, earlier }.OfType<ISourceReader>())
        {
            foreach (var range in await source.GetAllocatedRangesAsync(cancellationToken))
            {
                for (var page = range.Offset / PageBytes; page * PageBytes < Math.Min(range.End, reader.LengthBytes); page++)
                {
                    pages.Add(page);
                }
            }
        }

        var (now, old) = (new byte[PageBytes], new byte[PageBytes]);
        foreach (var page in pages)
        {
            var count = await FillAsync(reader, page * PageBytes, now, cancellationToken);
            var oldCount = earlier is null ? 0 : await FillAsync(earlier, page * PageBytes, old, cancellationToken);
            if (count > 0 && (oldCount < count || !now.AsSpan(0, count).SequenceEqual(old.AsSpan(0, count))))
            {
                Require(path, _writer.Write(path, page * PageBytes, now.AsSpan(0, count)));
            }
        }
    }

    private static async Task<int> FillAsync(ISourceReader reader, long offset, byte[] page, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Max(0, Math.Min(page.Length, reader.LengthBytes - offset));
        var at = 0;
        while (at < wanted && await reader.ReadAsync(offset + at, page.AsMemory(at, wanted - at), cancellationToken) is > 0 and var count)
        {
            at += count;
        }

        return at;
    }

    private static void Require(string path, string? refused)
    {
        if (refused is not null)
        {
            throw new NotHeldException($"{path}: {refused}");
        }
    }

    private string At(string path) => Path.Combine(root, path);
}
