using System.Buffers;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Segments;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// One range on its way through the pipeline: its bytes, and what a worker found out about them. Reused; owned by the logical
/// thread except while its worker runs.
/// </summary>
/// <param name="bufferBytes">The longest range that it takes: one page or more.</param>
internal sealed class RangeWork(int bufferBytes)
{
    private readonly byte[] _fingerprints = new byte[bufferBytes / FormatLimits.PageBytes * FormatLimits.FingerprintBytes];
    private readonly byte[] _block = new byte[State.PageBlock.LongestBytes(bufferBytes / FormatLimits.PageBytes)];
    private readonly uint[] _sums = new uint[bufferBytes / FormatLimits.PageBytes];
    private readonly byte[] _previousDigest = new byte[FormatLimits.FingerprintBytes];
    private readonly byte[] _digest = new byte[FormatLimits.FingerprintBytes];
    private bool _hasPrevious;
    private SegmentFilter? _filter;

    /// <summary>Bytes of the pages that were read.</summary>
    public byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(bufferBytes);

    /// <summary>Which pages the source allocated, wholly or in part.</summary>
    public bool[] Allocated { get; } = new bool[bufferBytes / FormatLimits.PageBytes];

    /// <summary>Which pages are read: allocated ones that may have changed.</summary>
    public bool[] Read { get; } = new bool[bufferBytes / FormatLimits.PageBytes];

    /// <summary>What is read of it.</summary>
    public RangeReads Reads { get; } = new();

    /// <summary>What the worker reads it from; null when it was read before.</summary>
    public OpenStream? Source { get; set; }

    public RegionBackup Region { get; private set; } = null!;

    public StreamBackup Stream => Region.Stream;

    /// <summary>Range in the region.</summary>
    public int Range { get; private set; }

    /// <summary>First byte in the stream.</summary>
    public long Start => Region.Start + (Range * (long)FormatLimits.RangeBytes);

    public int LengthBytes { get; private set; }

    public int Pages => PageHasher.PagesOf(LengthBytes);

    public ReadOnlySpan<byte> Fingerprints => _fingerprints.AsSpan(0, Pages * FormatLimits.FingerprintBytes);

    public ReadOnlySpan<byte> Digest => _digest;

    /// <summary>The digest is the one of the previous recovery point.</summary>
    public bool IsUnchanged { get; private set; }

    /// <summary>All data pages as one segment, for a range without a past; null when it has one, or only zeros.</summary>
    public PreparedSegment? Fresh { get; private set; }

    /// <summary>
    /// Fingerprints of the previous recovery point, when they are at hand: of pages that are not read they are the present ones.
    /// </summary>
    public RangePages? Previous { get; private set; }

    public Task<RangeWork> Task { get; set; } = null!;

    /// <summary>Pages that are not zeros, of a range of two pages or more.</summary>
    public int Kept { get; private set; }

    /// <summary>The form in which the pages file gets a range of two pages or more.</summary>
    public ReadOnlyMemory<byte> PageBlock => _block.AsMemory(0, State.PageBlock.LengthOf(Pages, Kept));

    /// <summary>Begins a range of which every allocated page is read.</summary>
    /// <param name="region">Its region.</param>
    /// <param name="range">Its number there.</param>
    /// <param name="compare">Whether it is compared with the previous recovery point.</param>
    /// <param name="filter">What the vault does not have; null when that is not known, or all is sent again.</param>
    public void Begin(RegionBackup region, int range, bool compare, SegmentFilter? filter)
    {
        Region = region;
        Range = range;
        LengthBytes = (int)Math.Min(FormatLimits.RangeBytes, region.LengthBytes - (range * (long)FormatLimits.RangeBytes));
        _filter = filter;
        Fresh = null;
        Previous = null;
        Source = null;
        IsUnchanged = false;
        var previous = compare && region.Previous is { } content ? content.Digests[range] : default;
        _hasPrevious = previous.ContainsAnyExcept((byte)0);
        if (_hasPrevious)
        {
            previous.CopyTo(_previousDigest);
        }

        Array.Clear(Allocated);
        Array.Clear(Read);
        Array.Clear(_fingerprints);
        Array.Clear(_sums);
    }

    /// <summary>Leaves the pages that did not change unread: their fingerprints are known.</summary>
    /// <param name="previous">Fingerprints of the previous recovery point.</param>
    /// <param name="dirty">Pages that may have changed.</param>
    public void Keep(RangePages previous, ReadOnlySpan<bool> dirty)
    {
        Previous = previous;
        for (var page = 0; page < Pages; page++)
        {
            if (dirty[page])
            {
                continue;
            }

            Read[page] = false;
            var at = page * FormatLimits.FingerprintBytes;
            if (at < previous.Fingerprints.Length)
            {
                previous.Fingerprints.AsSpan(at, FormatLimits.FingerprintBytes).CopyTo(_fingerprints.AsSpan(at));
                _sums[page] = previous.Sums?[page] ?? 0;
            }
        }
    }

    /// <summary>Fingerprints, sums and digest only.</summary>
    public RangeWork ComputeDigest(KeyRing keys)
    {
        for (var page = 0; page < Pages; page++)
        {
            if (Read[page])
            {
                var content = Buffer.AsSpan(page * FormatLimits.PageBytes, PageHasher.PageLength(LengthBytes, page));
                PageHasher.FingerprintPage(
                    keys, content, _fingerprints.AsSpan(page * FormatLimits.FingerprintBytes, FormatLimits.FingerprintBytes));
                _sums[page] = content.Length == FormatLimits.PageBytes ? keys.PageSums.Of(content) : 0;
            }
        }

        PageHasher.Digest(keys, Fingerprints, _digest);
        if (Pages > 1)
        {
            Kept = State.PageBlock.Encode(keys, Fingerprints, _sums.AsSpan(0, Pages), _digest, _block);
        }

        return this;
    }

    /// <summary>Whether the buffer has the bytes of the source; false when they could not be read.</summary>
    public async ValueTask<bool> IsReadAsync()
    {
        try
        {
            await Task;
            return true;
        }
        catch (SourceReadException)
        {
            return false;
        }
    }

    /// <summary>The worker's part.</summary>
    public RangeWork Compute(KeyRing keys)
    {
        if (Source is { } source)
        {
            Reads.Fill(source.Shared!);
        }

        ComputeDigest(keys);
        IsUnchanged = _hasPrevious && _digest.AsSpan().SequenceEqual(_previousDigest);
        if (!_hasPrevious)
        {
            Fresh = PrepareDataPages(keys);
        }

        return this;
    }

    /// <summary>All data pages of the range as one segment; null when there are none.</summary>
    public PreparedSegment? PrepareDataPages(KeyRing keys)
    {
        var dataBytes = 0;
        for (var page = 0; page < Pages; page++)
        {
            dataBytes += PageHasher.IsZero(Fingerprints, page) ? 0 : PageHasher.PageLength(LengthBytes, page);
        }

        if (dataBytes == 0)
        {
            return null;
        }

        if (dataBytes == LengthBytes)
        {
            return PreparedSegment.Of(keys, Buffer.AsMemory(0, LengthBytes), _filter);
        }

        var data = ArrayPool<byte>.Shared.Rent(dataBytes);
        Compact(data);
        return PreparedSegment.OfRented(keys, data, dataBytes, _filter);
    }

    private void Compact(Span<byte> data)
    {
        var position = 0;
        for (var page = 0; page < Pages; page++)
        {
            if (!PageHasher.IsZero(Fingerprints, page))
            {
                var length = PageHasher.PageLength(LengthBytes, page);
                Buffer.AsSpan(page * FormatLimits.PageBytes, length).CopyTo(data[position..]);
                position += length;
            }
        }
    }
}
