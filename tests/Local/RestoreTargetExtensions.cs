using Harness.Engine.Local.Targets;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Tests.Local;

/// <summary>Copies a listed source to a target the way the engine does: what the rules would leave out is the caller's choice.</summary>
internal static class RestoreTargetExtensions
{
    internal static RestoreMetadata MetadataOf(SourceEntry entry) => new(
        entry.Kind, entry.Traits, entry.Attributes, entry.Times, entry.Security, entry.EncryptionInfo);

    internal static RestoreMetadata PlainFile { get; } = new(
        EntryKind.File, EntryTraits.None, 0, default, EntrySecurity.FromPosix(0x1a4, 0, 0), default);

    internal static async Task<IReadOnlyList<string>> WriteAsync(
        this LocalRestoreTarget target, string path, byte[] content, RestoreMetadata? metadata = null)
    {
        await using var writer = await target.CreateFileAsync(path, metadata ?? PlainFile, default);
        await writer.BeginStreamAsync("", content.Length, null, EntryTraits.None, default);
        await writer.WriteAsync(0, content, default);
        return await writer.FinishAsync(default);
    }

    /// <summary>Copies every entry that the filter takes; returns the notes by path.</summary>
    internal static async Task<Dictionary<string, IReadOnlyList<string>>> CopyAsync(
        this LocalRestoreTarget target, SourceListing source, Func<SourceEntry, bool> filter)
    {
        var notes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var entries = source.Order.Select(path => source[path]).Where(filter).ToList();
        foreach (var entry in entries)
        {
            if (entry.Kind == EntryKind.Directory)
            {
                await target.CreateDirectoryAsync(entry.Path, default);
                if (entry.Streams.Count > 0)
                {
                    await using var streams = await target.OpenDirectoryStreamsAsync(entry.Path, MetadataOf(entry), default);
                    await CopyStreamsAsync(source, entry, streams);
                    _ = await streams.FinishAsync(default);
                }
            }
            else
            {
                await using var writer = await target.CreateFileAsync(entry.Path, MetadataOf(entry), default);
                await CopyStreamsAsync(source, entry, writer);
                notes[entry.Path] = await writer.FinishAsync(default);
            }
        }

        foreach (var entry in entries.Where(entry => entry.Kind == EntryKind.Directory).Reverse())
        {
            notes[entry.Path] = await target.FinishDirectoryAsync(entry.Path, MetadataOf(entry), default);
        }

        return notes;
    }

    private static async Task CopyStreamsAsync(SourceListing source, SourceEntry entry, IRestoreWriter writer)
    {
        foreach (var stream in entry.Streams)
        {
            await writer.BeginStreamAsync(stream.Name, stream.SizeBytes, stream.RawSizeBytes, stream.Traits, default);
            await using var reader = await source.Snapshot.OpenAsync(entry, stream, default);
            foreach (var range in await reader.GetAllocatedRangesAsync(default))
            {
                var bytes = new byte[range.Length];
                _ = await reader.ReadAsync(range.Offset, bytes, default);
                await writer.WriteAsync(range.Offset, bytes, default);
            }
        }
    }
}
