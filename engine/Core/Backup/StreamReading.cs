using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Engine.Backup;

/// <summary>
/// Opens streams and sends what may have changed of them into the range pipeline. Trouble with a stream is noted with it and
/// ends that stream only. Logical thread only.
/// </summary>
internal sealed class StreamReading(BackupContext context)
{
    /// <summary>Where the ranges go.</summary>
    public RangePipeline Ranges { get; } = new(context);

    /// <summary>
    /// Reads a stream; false when the whole entry is lost with it. A named stream that cannot be read is left out alone: the
    /// file's own data is worth having without it, and a folder with everything below it all the more.
    /// </summary>
    public async ValueTask<bool> TryReadAsync(
        StreamBackup stream, IReadOnlyList<StreamChange>? changes, CancellationToken cancellationToken)
    {
        var dirty = DirtyRanges.Of(stream, changes);
        if (dirty is { Count: 0 })
        {
            stream.IsReused = true;
            return stream.Entry.Failure is null;
        }

        try
        {
            var reader = await context.Snapshot.OpenAsync(stream.Entry.Plan.Entry, stream.Source, cancellationToken);
            stream.LengthBytes = reader.LengthBytes;
            await ReadAsync(new OpenStream(stream, reader), dirty, cancellationToken);
        }
        catch (SourceReadException error)
        {
            stream.Fail(error);
        }

        return stream.Entry.Failure is null;
    }

    private async ValueTask ReadAsync(OpenStream open, IReadOnlyList<ByteRange>? dirty, CancellationToken cancellationToken)
    {
        try
        {
            await AddAsync(open, dirty, cancellationToken);
        }
        catch
        {
            await open.AbandonAsync();
            throw;
        }

        await open.EndAsync(cancellationToken);
    }

    private async ValueTask AddAsync(OpenStream open, IReadOnlyList<ByteRange>? dirty, CancellationToken cancellationToken)
    {
        var stream = open.Stream;
        if (stream.IsFullOnly && !stream.Entry.IsSentAgain && stream.Previous is { } before && before.RawSizeBytes is null == stream.Source.RawSizeBytes is null
            && !await context.Resumed.HasPieceAsync(stream, cancellationToken)
            && await Ranges.IsUnchangedAsync(stream, open.Reader, cancellationToken))
        {
            stream.IsReused = true;
            return;
        }

        await Ranges.AddAsync(open, stream.IsFullOnly ? null : dirty, cancellationToken);
    }
}
