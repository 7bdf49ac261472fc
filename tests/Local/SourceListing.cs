using Harness.Engine.Errors;
using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Tests.Local;

/// <summary>A listed source: entries by path, trouble by path, and the snapshot to read from.</summary>
internal sealed class SourceListing : IAsyncDisposable
{
    private SourceListing(ISnapshot snapshot) => Snapshot = snapshot;

    internal ISnapshot Snapshot { get; }

    internal List<string> Order { get; } = [];

    internal Dictionary<string, SourceEntry> Entries { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, SourceReadException> Errors { get; } = new(StringComparer.Ordinal);

    internal SourceEntry this[string path] => Entries[path];

    internal static Task<SourceListing> OfAsync(string directory) =>
        OfAsync(new LinuxDirectorySource(directory, TimeProvider.System));

    internal static async Task<SourceListing> OfAsync(IDataSource source)
    {
        var listing = new SourceListing(await source.CreateSnapshotAsync(default));
        await foreach (var item in listing.Snapshot.EnumerateAsync(default))
        {
            if (item.Entry is { } entry)
            {
                listing.Order.Add(entry.Path);
                listing.Entries.Add(entry.Path, entry);
            }
            else
            {
                listing.Errors.Add(item.Error!.Path, item.Error);
            }
        }

        return listing;
    }

    internal async Task<byte[]> ReadAsync(string path, string stream = "")
    {
        var entry = Entries[path];
        await using var reader = await Snapshot.OpenAsync(entry, entry.Streams.Single(s => s.Name == stream), default);
        var bytes = new byte[reader.LengthBytes];
        var count = await reader.ReadAsync(0, bytes, default);
        return bytes[..count];
    }

    internal async Task<IReadOnlyList<ByteRange>> RangesAsync(string path, string stream = "")
    {
        var entry = Entries[path];
        await using var reader = await Snapshot.OpenAsync(entry, entry.Streams.Single(s => s.Name == stream), default);
        return await reader.GetAllocatedRangesAsync(default);
    }

    public ValueTask DisposeAsync() => Snapshot.DisposeAsync();
}
