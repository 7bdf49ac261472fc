using System.Buffers;
using Harness.Engine.Crypto;
using Harness.Engine.Format;

namespace Harness.Engine.Backup;

/// <summary>
/// Collects single changed pages, of any files, into segments of up to 1 MiB: one changed page costs one page, not a range.
/// One logical thread.
/// </summary>
internal sealed class DeltaPacker(KeyRing keys, EngineServices services, SegmentWriter writer)
{
    private const int SegmentsInFlight = 4;

    private readonly Queue<(Task<PreparedSegment> Prepared, SegmentReference Reference)> _queue = new();
    private byte[]? _buffer;
    private int _length;
    private SegmentReference _current = new();

    /// <summary>Takes a page; returns the segment that it will be in, and where.</summary>
    public async ValueTask<(SegmentReference Segment, int Offset)> AddAsync(ReadOnlyMemory<byte> page)
    {
        if (_length + page.Length > FormatLimits.RangeBytes)
        {
            await CloseAsync();
        }

        _buffer ??= ArrayPool<byte>.Shared.Rent(FormatLimits.RangeBytes);
        page.Span.CopyTo(_buffer.AsSpan(_length));
        var place = (_current, _length);
        _length += page.Length;
        return place;
    }

    /// <summary>Packs what is left; every reference handed out is resolved afterwards.</summary>
    public async ValueTask FinishAsync()
    {
        if (_length > 0)
        {
            await CloseAsync();
        }

        while (_queue.Count > 0)
        {
            await TakeAsync();
        }
    }

    private async ValueTask CloseAsync()
    {
        if (_queue.Count >= SegmentsInFlight)
        {
            await TakeAsync();
        }

        var (buffer, length) = (_buffer!, _length);
        var prepared = services.Work.RunAsync(
            static work => PreparedSegment.OfRented(work.Keys, work.Buffer, work.Length, work.Filter),
            (Keys: keys, Buffer: buffer, Length: length, Filter: writer.Filter));
        _queue.Enqueue((prepared.AsTask(), _current));
        (_buffer, _length, _current) = (null, 0, new SegmentReference());
    }

    private async ValueTask TakeAsync()
    {
        var (prepared, reference) = _queue.Dequeue();
        await writer.AppendAsync(await prepared, SegmentType.Data, always: false, reference);
    }
}
