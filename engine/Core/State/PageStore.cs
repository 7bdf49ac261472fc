using Harness.Engine.Backup;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.State;

/// <summary>
/// The page fingerprints of the previous recovery point: kept in the scratch location, verified by the digest in the manifest,
/// and rebuilt from the vault where they are lost or damaged. New ones are appended; old ones are never overwritten, so a run
/// that is cut off leaves what the last recovery point needs. One logical thread.
/// </summary>
internal sealed class PageStore(IScratch scratch, string fileName, long lengthBytes, Repository repository)
{
    private const int BufferBytes = 1 << 20;

    private readonly WireWriter _pending = new();
    private long _flushedBytes = lengthBytes;

    public string FileName { get; } = fileName;

    /// <summary>Length of the file with what is still in memory.</summary>
    public long LengthBytes => _flushedBytes + _pending.Length;

    /// <summary>Ranges whose fingerprints had to be rebuilt from the vault.</summary>
    public long RebuiltRanges { get; private set; }

    /// <summary>Appends a block; returns where it is.</summary>
    public async ValueTask<long> AppendAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        var offset = LengthBytes;
        _pending.Raw(block.Span);
        if (_pending.Length >= BufferBytes)
        {
            await WriteOutAsync(cancellationToken);
        }

        return offset;
    }

    /// <summary>
    /// The fingerprints of a range of a region as it was in the previous recovery point, one for each page that it had then.
    /// </summary>
    public async ValueTask<RangePages> ReadPreviousAsync(
        ProtectedContent previous, PageTable table, int range, Func<SegmentReader> segments, CancellationToken cancellationToken)
    {
        if (await TryReadPreviousAsync(previous, table, range, cancellationToken) is { } known)
        {
            return known;
        }

        RebuiltRanges++;
        var rangeBytes = LengthOf(previous, range);
        var fingerprints = new byte[PageHasher.PagesOf(rangeBytes) * FormatLimits.FingerprintBytes];
        var content = new byte[rangeBytes];
        await ContentReader.ReadAsync(
            previous.Extents, range * (long)FormatLimits.RangeBytes, content, segments(), cancellationToken);
        PageHasher.Fingerprint(repository.Keys, content, fingerprints);
        return new RangePages(fingerprints, Sums: null);
    }

    /// <summary>As above; null when they are not at hand.</summary>
    public async ValueTask<RangePages?> TryReadPreviousAsync(
        ProtectedContent previous, PageTable table, int range, CancellationToken cancellationToken)
    {
        var pages = PageHasher.PagesOf(LengthOf(previous, range));
        var digest = previous.Digests[range].ToArray();
        if (pages == 1)
        {
            return new RangePages(digest, Sums: null);
        }

        if (!digest.AsSpan().ContainsAnyExcept((byte)0))
        {
            return new RangePages(new byte[pages * FormatLimits.FingerprintBytes], new uint[pages]);
        }

        if (table[range] is not { } place || place.Pages != pages)
        {
            return null;
        }

        var block = new byte[place.LengthBytes];
        return await ReadAsync(place.Offset, block, cancellationToken) ? Decode(block, place, digest) : null;
    }

    /// <summary>Copies a block of fingerprints out of this store; false when it is not there.</summary>
    public async ValueTask<bool> ReadAsync(long offset, Memory<byte> fingerprints, CancellationToken cancellationToken)
    {
        if (offset >= _flushedBytes)
        {
            var start = offset - _flushedBytes;
            if (start > _pending.Length - fingerprints.Length)
            {
                return false;
            }

            _pending.Written.Slice((int)start, fingerprints.Length).CopyTo(fingerprints.Span);
            return true;
        }

        return offset >= 0
            && await scratch.ReadAsync(FileName, offset, fingerprints, cancellationToken) == fingerprints.Length;
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await WriteOutAsync(cancellationToken);
        if (_flushedBytes > 0)
        {
            await scratch.FlushAsync(FileName, cancellationToken);
        }
    }

    /// <summary>Writes what is in memory to the scratch location.</summary>
    public async ValueTask WriteOutAsync(CancellationToken cancellationToken)
    {
        if (_pending.Length > 0)
        {
            await scratch.AppendAsync(FileName, _pending.ToArray(), cancellationToken);
            _flushedBytes += _pending.Length;
            _pending.Clear();
        }
    }

    private static int LengthOf(ProtectedContent region, int range) =>
        (int)Math.Clamp(region.LengthBytes - (range * (long)FormatLimits.RangeBytes), 0, FormatLimits.RangeBytes);

    /// <summary>Null when the fingerprints are not those of the digest. Damaged sums only lose matches.</summary>
    private RangePages? Decode(byte[] block, PageTable.Block place, ReadOnlySpan<byte> expected)
    {
        var known = PageBlock.Decode(repository.Keys, block, place.Pages, place.Kept, expected);
        Span<byte> digest = stackalloc byte[FormatLimits.FingerprintBytes];
        PageHasher.Digest(repository.Keys, known.Fingerprints, digest);
        return digest.SequenceEqual(expected) ? known : null;
    }
}
