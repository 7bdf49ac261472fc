using System.Buffers;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Repositories;

namespace Harness.Engine.Backup;

/// <summary>
/// One range on its way through the pipeline: its bytes, and what a worker found out about them. Reused; owned by the logical
/// thread except while its worker runs.
/// </summary>
internal sealed class RangeWork
{
    private readonly byte[] _fingerprints = new byte[FormatLimits.PagesPerRange * FormatLimits.FingerprintBytes];
    private readonly byte[] _previousDigest = new byte[FormatLimits.FingerprintBytes];
    private readonly byte[] _digest = new byte[FormatLimits.FingerprintBytes];
    private bool _hasPrevious;
    private SegmentIndex? _index;

    public byte[] Buffer { get; } = new byte[FormatLimits.RangeBytes];

    /// <summary>Which pages the source allocated, wholly or in part.</summary>
    public bool[] Allocated { get; } = new bool[FormatLimits.PagesPerRange];

    public StreamBackup Stream { get; private set; } = null!;

    public long Range { get; private set; }

    public int LengthBytes { get; private set; }

    public int Pages => PageHasher.PagesOf(LengthBytes);

    public ReadOnlySpan<byte> Fingerprints => _fingerprints.AsSpan(0, Pages * FormatLimits.FingerprintBytes);

    public ReadOnlySpan<byte> Digest => _digest;

    /// <summary>The digest is the one of the previous recovery point.</summary>
    public bool IsUnchanged { get; private set; }

    /// <summary>All data pages as one segment, for a range without a past; null when it has one, or only zeros.</summary>
    public PreparedSegment? Fresh { get; private set; }

    public Task<RangeWork> Task { get; set; } = null!;

    public ReadOnlyMemory<byte> FingerprintBlock => _fingerprints.AsMemory(0, Pages * FormatLimits.FingerprintBytes);

    public void Begin(StreamBackup stream, long range, int lengthBytes, ReadOnlySpan<byte> previousDigest, SegmentIndex? index)
    {
        Stream = stream;
        Range = range;
        LengthBytes = lengthBytes;
        _index = index;
        Fresh = null;
        IsUnchanged = false;
        _hasPrevious = previousDigest.ContainsAnyExcept((byte)0);
        if (_hasPrevious)
        {
            previousDigest.CopyTo(_previousDigest);
        }

        Array.Clear(Buffer, 0, lengthBytes);
        Array.Clear(Allocated);
    }

    /// <summary>Fingerprints and digest only.</summary>
    public RangeWork ComputeDigest(KeyRing keys)
    {
        PageHasher.Fingerprint(keys, Buffer.AsSpan(0, LengthBytes), _fingerprints);
        PageHasher.Digest(keys, Fingerprints, _digest);
        return this;
    }

    /// <summary>The worker's part.</summary>
    public RangeWork Compute(KeyRing keys)
    {
        ComputeDigest(keys);
        IsUnchanged = _hasPrevious && _digest.AsSpan().SequenceEqual(_previousDigest);
        if (!_hasPrevious || Stream.IsFullOnly)
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
            return PreparedSegment.Of(keys, Buffer.AsSpan(0, LengthBytes), _index);
        }

        var data = ArrayPool<byte>.Shared.Rent(dataBytes);
        Compact(data);
        var segment = PreparedSegment.Of(keys, data.AsSpan(0, dataBytes), _index);
        ArrayPool<byte>.Shared.Return(data);
        return segment;
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
