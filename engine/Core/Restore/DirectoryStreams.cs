using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.State;

namespace Harness.Engine.Restore;

/// <summary>Restores the named streams of directories, which no step of the feed announces: they are few. Logical thread only.</summary>
internal sealed class DirectoryStreams(IRestoreTarget target, SourceState state, SegmentFeed feed, RestoreTally tally)
{
    public async ValueTask RestoreAsync(string path, EntryRecord entry, CancellationToken cancellationToken)
    {
        try
        {
            await using var writer = await target.OpenDirectoryStreamsAsync(path, FileRestorer.MetadataOf(entry), cancellationToken);
            foreach (var stream in entry.Streams)
            {
                await writer.BeginStreamAsync(
                    stream.Name, stream.SizeBytes, stream.RawSizeBytes, FileRestorer.TraitsOf(stream), cancellationToken);
                await foreach (var extent in state.ExtentsAsync(entry, stream, cancellationToken))
                {
                    await WriteAsync(writer, extent, stream, cancellationToken);
                }
            }

            tally.AddNotes(path, await writer.FinishAsync(cancellationToken));
        }
        catch (BackupException error) when (error.Code == ErrorCode.PlatformUnsupported)
        {
            tally.AddNotes(path, [error.Message]);
        }
    }

    private async ValueTask WriteAsync(IRestoreWriter writer, Extent extent, StreamRecord stream, CancellationToken cancellationToken)
    {
        tally.WrittenBytes += extent.Kind == ExtentKind.Hole ? 0 : extent.Length;
        if (extent.Kind == ExtentKind.Data)
        {
            var bytes = FileRestorer.Cut(extent, await feed.ReadAsideAsync(extent.Segment!.Id, cancellationToken));
            await writer.WriteAsync(extent.Offset, bytes, cancellationToken);
        }

        foreach (var (offset, zeros) in FileRestorer.ZerosOf(extent, stream))
        {
            await writer.WriteAsync(offset, zeros, cancellationToken);
        }
    }
}
