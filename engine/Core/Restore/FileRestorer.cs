using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.State;

namespace Harness.Engine.Restore;

/// <summary>
/// Sends one file after the other to the target, from the feed or from what the target held of it. Every byte is verified on its
/// way: segments by their ids, reused ranges by their digests, read once more for that. Logical thread only.
/// </summary>
internal sealed class FileRestorer(
    SourceState state, ReusedRanges reused, SegmentFeed feed, WriteQueue queue)
{
    private const long SmallBytes = FormatLimits.RangeBytes;

    private static readonly byte[] Zeros = new byte[FormatLimits.RangeBytes];

    /// <summary>Whether a file goes as a whole, with others, since its bytes are few and all come from the feed.</summary>
    public static bool IsSmall(FilePlan plan) =>
        plan is { IsFetched: true, Reused: null } && plan.Entry.Names.Count == 0
        && plan.Entry.Streams.All(stream => stream.ContentBytes <= SmallBytes)
        && plan.Entry.Streams.Sum(stream => stream.ContentBytes) <= SmallBytes;

    public static RestoreMetadata MetadataOf(EntryRecord entry) =>
        new(entry.Kind, entry.Traits, entry.Attributes, entry.Times, entry.Security, entry.EncryptionInfo);

    public static EntryTraits TraitsOf(StreamRecord stream) =>
        stream.Name.Length == 0 ? stream.Traits : stream.Traits | EntryTraits.NamedStream;

    /// <summary>The bytes of a data extent, of those of its segment; VaultBlobDamaged when it wants others.</summary>
    public static ReadOnlyMemory<byte> Cut(in Extent extent, ReadOnlyMemory<byte> segment) =>
        extent.SegmentOffset + extent.Length <= segment.Length
            ? segment.Slice(extent.SegmentOffset, (int)extent.Length)
            : throw new BackupException(
                ErrorCode.VaultBlobDamaged,
                $"An extent wants bytes beyond the end of segment {extent.Segment!.Id}.",
                "Run 'check --read-data' to see which recovery points suffer; restore the others.");

    /// <summary>
    /// The allocated zeros of an extent that have to be written: those of a sparse stream, since what is not written of any other
    /// is zeros anyway.
    /// </summary>
    public static IEnumerable<(long Offset, ReadOnlyMemory<byte> Bytes)> ZerosOf(Extent extent, StreamRecord stream)
    {
        if (extent.Kind != ExtentKind.Zero || (stream.Traits & EntryTraits.Sparse) == EntryTraits.None)
        {
            yield break;
        }

        for (var offset = extent.Offset; offset < extent.End; offset += Zeros.Length)
        {
            yield return (offset, Zeros.AsMemory(0, (int)Math.Min(Zeros.Length, extent.End - offset)));
        }
    }

    /// <summary>Sends a small file; its steps are the next of the feed.</summary>
    /// <param name="plan">The file.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="isNew">Whether nothing may be there.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask SendWholeAsync(FilePlan plan, string path, bool isNew, CancellationToken cancellationToken)
    {
        var job = new FileJob(plan, path);
        try
        {
            var streams = new List<WholeStream>(plan.Entry.Streams.Count);
            for (var i = 0; i < plan.Entry.Streams.Count; i++)
            {
                var stream = plan.Entry.Streams[i];
                streams.Add(new WholeStream(
                    stream.Name, stream.SizeBytes, stream.RawSizeBytes, TraitsOf(stream), await PiecesAsync(job, i, cancellationToken)));
            }

            await queue.AddAsync(job, new WholeFile(path, MetadataOf(plan.Entry), isNew, streams), cancellationToken);
        }
        catch (BackupException)
        {
            job.Slots.ForEach(SegmentFeed.Release);
            throw;
        }
    }

    /// <summary>Sends a file piece by piece; its steps are the next of the feed.</summary>
    public async ValueTask SendAsync(FilePlan plan, string path, CancellationToken cancellationToken)
    {
        var job = new FileJob(plan, path);
        var chain = await queue.BeginAsync(job, MetadataOf(plan.Entry), cancellationToken);
        try
        {
            for (var i = 0; i < plan.Entry.Streams.Count; i++)
            {
                var stream = plan.Entry.Streams[i];
                chain.Begin(stream.Name, stream.SizeBytes, stream.RawSizeBytes, TraitsOf(stream));
                await using var ranges = plan.Reused?[i] is null ? null : await reused.OpenAsync(plan, stream, cancellationToken);
                await foreach (var piece in plan.PiecesAsync(state, i, cancellationToken))
                {
                    if (piece.IsReused && piece.Extent.Kind == ExtentKind.Data)
                    {
                        await SendReusedAsync(job, chain, ranges!, piece.Extent, cancellationToken);
                    }
                    else
                    {
                        await SendPieceAsync(job, chain, piece.Extent, stream, cancellationToken);
                    }
                }
            }
        }
        catch
        {
            await queue.AbandonAsync(job, chain);
            throw;
        }

        queue.End(job, chain);
    }

    private async ValueTask<List<(long Offset, ReadOnlyMemory<byte> Bytes)>> PiecesAsync(
        FileJob job, int stream, CancellationToken cancellationToken)
    {
        var pieces = new List<(long Offset, ReadOnlyMemory<byte> Bytes)>();
        await foreach (var piece in job.Plan.PiecesAsync(state, stream, cancellationToken))
        {
            var extent = piece.Extent;
            job.WrittenBytes += extent.Kind == ExtentKind.Hole ? 0 : extent.Length;
            if (extent.Kind != ExtentKind.Data)
            {
                pieces.AddRange(ZerosOf(extent, job.Plan.Entry.Streams[stream]));
                continue;
            }

            var (bytes, slot) = await feed.TakeAsync(extent.Segment!.Id, cancellationToken);
            if (slot is not null)
            {
                job.Slots.Add(slot);
            }

            var cut = Cut(extent, bytes);
            pieces.Add((extent.Offset, slot is null ? cut.ToArray() : cut));
        }

        return pieces;
    }

    private async ValueTask SendPieceAsync(
        FileJob job, FileChain chain, Extent extent, StreamRecord stream, CancellationToken cancellationToken)
    {
        job.WrittenBytes += extent.Kind == ExtentKind.Hole ? 0 : extent.Length;
        if (extent.Kind != ExtentKind.Data)
        {
            foreach (var (offset, zeros) in ZerosOf(extent, stream))
            {
                await queue.WriteAsync(chain, offset, zeros, slot: null, cancellationToken);
            }

            return;
        }

        if (!job.Plan.IsFetched)
        {
            await SendAsideAsync(chain, extent, cancellationToken);
            return;
        }

        var (bytes, slot) = await feed.TakeAsync(extent.Segment!.Id, cancellationToken);
        await queue.WriteAsync(chain, extent.Offset, slot is null ? Cut(extent, bytes).ToArray() : Cut(extent, bytes), slot, cancellationToken);
    }

    private async ValueTask SendAsideAsync(FileChain chain, Extent extent, CancellationToken cancellationToken)
    {
        // Those bytes are valid until the next call only.
        var bytes = Cut(extent, await feed.ReadAsideAsync(extent.Segment!.Id, cancellationToken)).ToArray();
        await queue.WriteAsync(chain, extent.Offset, bytes, slot: null, cancellationToken);
    }

    private async ValueTask SendReusedAsync(
        FileJob job, FileChain chain, ReusedRanges.Stream ranges, Extent extent, CancellationToken cancellationToken)
    {
        job.WrittenBytes += extent.Length;
        if (await ranges.TryReadAsync(extent, cancellationToken) is not { } bytes)
        {
            // It changed since it was compared: then the vault knows better.
            await SendAsideAsync(chain, extent, cancellationToken);
            return;
        }

        // The buffer is filled anew for the next range, so the write is waited for; a failure of it is the file's.
        job.ReusedBytes += extent.Length;
        await queue.WriteAsync(chain, extent.Offset, bytes, slot: null, cancellationToken);
        await chain.SettleAsync();
    }
}
