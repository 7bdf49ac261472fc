using System.Buffers;
using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Restore;
using Harness.Engine.State;

namespace Harness.Engine.Verify;

/// <summary>
/// Compares the bytes of streams with the range digests of a recovery point: read here, hashed by workers, a few ranges
/// under way at once across files. Logical thread only.
/// </summary>
internal sealed class ContentComparison(EngineServices services, KeyRing keys, SourceState state)
{
    private readonly Queue<(string Path, long Range, byte[] Buffer, Task<bool> Answer)> _underWay = new();
    private readonly Dictionary<string, (long First, long Count)> _different = new(StringComparer.Ordinal);
    private readonly int _depth = (services.Work.Width * 2) + 1;

    /// <summary>Bytes read up to now.</summary>
    public long ReadBytes { get; private set; }

    /// <summary>Begins to compare a stream of the same length. <see cref="SourceReadException"/> when it cannot be read.</summary>
    public async ValueTask AddAsync(
        string path, EntryRecord record, StreamRecord stream, ISourceReader reader, CancellationToken cancellationToken)
    {
        var allocated = await reader.GetAllocatedRangesAsync(cancellationToken);
        await using var digests = RangeDigests.OfAsync(state, record, stream, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var hasDigest = await digests.MoveNextAsync();
        foreach (var range in RangesOf(allocated))
        {
            for (; hasDigest && digests.Current.Range < range; hasDigest = await digests.MoveNextAsync())
            {
                // The source has a hole where the recovery point has data.
                Differs(path, digests.Current.Range);
            }

            var digest = hasDigest && digests.Current.Range == range ? digests.Current.Digest : [];
            hasDigest = digest.Length == 0 ? hasDigest : await digests.MoveNextAsync();
            await CompareAsync(path, range, digest, stream.ContentBytes, reader, cancellationToken);
        }

        for (; hasDigest; hasDigest = await digests.MoveNextAsync())
        {
            Differs(path, digests.Current.Range);
        }
    }

    /// <summary>Waits for the last ranges; gives every difference.</summary>
    public async ValueTask<IReadOnlyList<SourceDifference>> FinishAsync()
    {
        await DrainAsync();
        return
        [
            .. _different.Select(item => new SourceDifference(
                item.Key,
                "content",
                $"{item.Value.Count} of its ranges of 1 MiB differ, the first at byte {item.Value.First * FormatLimits.RangeBytes}")),
        ];
    }

    /// <summary>Waits for what is under way, so that no buffer is in use.</summary>
    public async ValueTask DrainAsync()
    {
        while (_underWay.Count > 0)
        {
            await TakeAsync();
        }
    }

    private async ValueTask CompareAsync(
        string path, long range, byte[] digest, long contentBytes, ISourceReader reader, CancellationToken cancellationToken)
    {
        if (_underWay.Count == _depth)
        {
            await TakeAsync();
        }

        var offset = range * FormatLimits.RangeBytes;
        var length = (int)Math.Min(FormatLimits.RangeBytes, contentBytes - offset);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        var read = await reader.ReadAsync(offset, buffer.AsMemory(0, length), cancellationToken);
        ReadBytes += read;
        if (read < length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Differs(path, range);
            return;
        }

        var answer = services.Work.RunAsync(
            static state => RangeDigests.Match(state.Keys, state.Digest, state.Bytes.Span),
            (Keys: keys, Digest: digest, Bytes: (ReadOnlyMemory<byte>)buffer.AsMemory(0, length)));
        _underWay.Enqueue((path, range, buffer, answer.AsTask()));
    }

    private async ValueTask TakeAsync()
    {
        var (path, range, buffer, answer) = _underWay.Dequeue();
        if (!await answer)
        {
            Differs(path, range);
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Differs(string path, long range) => _different[path] =
        _different.TryGetValue(path, out var known) ? (Math.Min(known.First, range), known.Count + 1) : (range, 1);

    /// <summary>The ranges that hold any allocated byte, ascending.</summary>
    private static IEnumerable<long> RangesOf(IReadOnlyList<ByteRange> allocated)
    {
        long next = 0;
        foreach (var bytes in allocated)
        {
            var last = (bytes.End - 1) / FormatLimits.RangeBytes;
            for (next = Math.Max(next, bytes.Offset / FormatLimits.RangeBytes); next <= last; next++)
            {
                yield return next;
            }
        }
    }
}
