using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Engine.Backup;

/// <summary>
/// What of a range comes from the source, and what of it is zeros because the source did not allocate it. Made by the logical
/// thread; read there, or by the worker where the reader lets it. Reused.
/// </summary>
internal sealed class RangeReads
{
    private readonly List<(int From, int To)> _reads = [];
    private readonly List<(int From, int To)> _zeros = [];
    private RangeWork _work = null!;

    /// <summary>Bytes that were read.</summary>
    public long ReadBytes { get; private set; }

    /// <summary>The stream became shorter under the reader: only a source without true snapshots does that.</summary>
    public bool IsShort { get; private set; }

    /// <summary>Notes what is to be read of a range whose pages to read are marked.</summary>
    public void Plan(RangeWork work, IReadOnlyList<ByteRange> allocated)
    {
        (_work, ReadBytes, IsShort) = (work, 0, false);
        _reads.Clear();
        _zeros.Clear();
        var page = 0;
        while (page < work.Pages)
        {
            if (!work.Read[page])
            {
                page++;
                continue;
            }

            var first = page;
            while (page < work.Pages && work.Read[page])
            {
                page++;
            }

            var from = first * FormatLimits.PageBytes;
            var to = Math.Min(page * FormatLimits.PageBytes, work.LengthBytes);
            var filled = from;
            foreach (var piece in RegionPlan.Touching(allocated, work.Start + from, work.Start + to))
            {
                var start = (int)(Math.Max(piece.Offset, work.Start + from) - work.Start);
                var end = (int)(Math.Min(piece.End, work.Start + to) - work.Start);
                AddZeros(filled, start);
                _reads.Add((start, end));
                filled = end;
            }

            AddZeros(filled, to);
        }
    }

    /// <summary>Fills the buffer on the logical thread.</summary>
    public async ValueTask FillAsync(ISourceReader reader, CancellationToken cancellationToken)
    {
        Clear();
        foreach (var (from, to) in _reads)
        {
            Note(from, to, await reader.ReadAsync(_work.Start + from, _work.Buffer.AsMemory(from, to - from), cancellationToken));
        }
    }

    /// <summary>Fills the buffer on the calling thread, whichever that is.</summary>
    public void Fill(IPositionedReader reader)
    {
        Clear();
        foreach (var (from, to) in _reads)
        {
            Note(from, to, reader.Read(_work.Start + from, _work.Buffer.AsSpan(from, to - from)));
        }
    }

    private void AddZeros(int from, int to)
    {
        if (from < to)
        {
            _zeros.Add((from, to));
        }
    }

    private void Clear()
    {
        foreach (var (from, to) in _zeros)
        {
            _work.Buffer.AsSpan(from, to - from).Clear();
        }
    }

    private void Note(int from, int to, int read)
    {
        ReadBytes += read;
        if (read < to - from)
        {
            _work.Buffer.AsSpan(from + read, to - from - read).Clear();
            IsShort = true;
        }
    }
}
