using System.Buffers;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.State;

namespace Harness.Engine.Restore;

/// <summary>
/// Writes one file after the other from the feed, or from what the target held of it. Every byte is verified on its way:
/// segments by their ids, reused ranges by their digests, read once more for that. Logical thread only.
/// </summary>
internal sealed class FileRestorer(
    IRestoreTarget target, SourceState state, ReusePlanner reuse, SegmentFeed feed, RestoreTally tally)
{
    private static readonly byte[] Zeros = new byte[FormatLimits.RangeBytes];

    /// <summary>Restores a file under a path; its steps are the next of the feed.</summary>
    public async ValueTask RestoreAsync(FilePlan plan, string path, CancellationToken cancellationToken)
    {
        await using var writer = await target.CreateFileAsync(path, MetadataOf(plan.Entry), cancellationToken);
        for (var i = 0; i < plan.Entry.Streams.Count; i++)
        {
            await BeginAsync(writer, plan.Entry.Streams[i], cancellationToken);
            if (plan.Reused?[i] is null)
            {
                await WriteFetchedAsync(plan, i, writer, cancellationToken);
            }
            else
            {
                await WriteMixedAsync(plan, i, writer, cancellationToken);
            }
        }

        tally.AddNotes(path, await writer.FinishAsync(cancellationToken));
        tally.Files++;
    }

    /// <summary>Restores the named streams of a directory, which no step announces: they are few.</summary>
    public async ValueTask RestoreDirectoryStreamsAsync(string path, EntryRecord entry, CancellationToken cancellationToken)
    {
        try
        {
            await using var writer = await target.OpenDirectoryStreamsAsync(path, MetadataOf(entry), cancellationToken);
            foreach (var stream in entry.Streams)
            {
                await BeginAsync(writer, stream, cancellationToken);
                await foreach (var extent in state.ExtentsAsync(entry, stream, cancellationToken))
                {
                    if (extent.Kind == ExtentKind.Data)
                    {
                        await WriteAsideAsync(writer, extent, cancellationToken);
                    }
                    else
                    {
                        await WriteZerosAsync(writer, extent, cancellationToken);
                    }
                }
            }

            tally.AddNotes(path, await writer.FinishAsync(cancellationToken));
        }
        catch (BackupException error) when (error.Code == ErrorCode.PlatformUnsupported)
        {
            tally.AddNotes(path, [error.Message]);
        }
    }

    public static RestoreMetadata MetadataOf(EntryRecord entry) =>
        new(entry.Kind, entry.Traits, entry.Attributes, entry.Times, entry.Security, entry.EncryptionInfo);

    private static ValueTask BeginAsync(IRestoreWriter writer, StreamRecord stream, CancellationToken cancellationToken)
    {
        var traits = stream.Name.Length == 0 ? stream.Traits : stream.Traits | EntryTraits.NamedStream;
        return writer.BeginStreamAsync(stream.Name, stream.SizeBytes, stream.RawSizeBytes, traits, cancellationToken);
    }

    private static ReadOnlyMemory<byte> Cut(in Extent extent, ReadOnlyMemory<byte> segment) =>
        extent.SegmentOffset + extent.Length <= segment.Length
            ? segment.Slice(extent.SegmentOffset, (int)extent.Length)
            : throw new BackupException(
                ErrorCode.VaultBlobDamaged,
                $"An extent wants bytes beyond the end of segment {extent.Segment!.Id}.",
                "Run 'check --read-data' to see which recovery points suffer; restore the others.");

    private async ValueTask WriteFetchedAsync(
        FilePlan plan, int stream, IRestoreWriter writer, CancellationToken cancellationToken)
    {
        await foreach (var piece in plan.PiecesAsync(state, stream, cancellationToken))
        {
            await WriteAsync(plan, piece.Extent, writer, cancellationToken);
        }
    }

    /// <summary>Writes a stream of which the target holds some ranges.</summary>
    private async ValueTask WriteMixedAsync(
        FilePlan plan, int stream, IRestoreWriter writer, CancellationToken cancellationToken)
    {
        var record = plan.Entry.Streams[stream];
        await using var existing = await target.OpenExistingAsync(plan.Item.Path, record.Name, cancellationToken);
        await using var digests = RangeDigests.OfAsync(state, plan.Entry, record, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(FormatLimits.RangeBytes);
        var inBuffer = -1L;
        var isGood = false;
        try
        {
            await foreach (var piece in plan.PiecesAsync(state, stream, cancellationToken))
            {
                if (!piece.IsReused || piece.Extent.Kind != ExtentKind.Data)
                {
                    await WriteAsync(plan, piece.Extent, writer, cancellationToken);
                    continue;
                }

                var range = piece.Extent.Offset / FormatLimits.RangeBytes;
                if (range != inBuffer)
                {
                    while (await digests.MoveNextAsync() && digests.Current.Range < range)
                    {
                        // Ranges in between are fetched, not reused.
                    }

                    inBuffer = range;
                    isGood = existing is not null
                        && await ReadReusedAsync(existing, digests.Current.Digest, range, buffer.AsMemory(0, digests.Current.LengthBytes), cancellationToken);
                }

                if (!isGood)
                {
                    // It changed since it was compared: then the vault knows better.
                    await WriteAsideAsync(writer, piece.Extent, cancellationToken);
                    continue;
                }

                var start = (int)(piece.Extent.Offset - (range * FormatLimits.RangeBytes));
                await writer.WriteAsync(piece.Extent.Offset, buffer.AsMemory(start, (int)piece.Extent.Length), cancellationToken);
                tally.WrittenBytes += piece.Extent.Length;
                tally.ReusedBytes += piece.Extent.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<bool> ReadReusedAsync(
        ISourceReader existing, byte[] digest, long range, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await existing.ReadAsync(range * FormatLimits.RangeBytes, buffer, cancellationToken) == buffer.Length
                && await reuse.MatchesAsync(digest, buffer);
        }
        catch (SourceReadException)
        {
            return false;
        }
    }

    private async ValueTask WriteAsync(FilePlan plan, Extent extent, IRestoreWriter writer, CancellationToken cancellationToken)
    {
        if (extent.Kind != ExtentKind.Data)
        {
            await WriteZerosAsync(writer, extent, cancellationToken);
            return;
        }

        if (!plan.IsFetched)
        {
            await WriteAsideAsync(writer, extent, cancellationToken);
            return;
        }

        var bytes = Cut(extent, await feed.TakeAsync(extent.Segment!.Id, cancellationToken));
        await writer.WriteAsync(extent.Offset, bytes, cancellationToken);
        tally.WrittenBytes += extent.Length;
    }

    private async ValueTask WriteAsideAsync(IRestoreWriter writer, Extent extent, CancellationToken cancellationToken)
    {
        var bytes = Cut(extent, await feed.ReadAsideAsync(extent.Segment!.Id, cancellationToken));
        await writer.WriteAsync(extent.Offset, bytes, cancellationToken);
        tally.WrittenBytes += extent.Length;
    }

    private async ValueTask WriteZerosAsync(IRestoreWriter writer, Extent extent, CancellationToken cancellationToken)
    {
        if (extent.Kind == ExtentKind.Hole)
        {
            return;
        }

        for (var offset = extent.Offset; offset < extent.End; offset += Zeros.Length)
        {
            var length = (int)Math.Min(Zeros.Length, extent.End - offset);
            await writer.WriteAsync(offset, Zeros.AsMemory(0, length), cancellationToken);
            tally.WrittenBytes += length;
        }
    }
}
