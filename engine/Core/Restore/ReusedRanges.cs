using System.Buffers;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.State;

namespace Harness.Engine.Restore;

/// <summary>Reads again what the target was found to hold of a file, and compares it once more. Logical thread only.</summary>
internal sealed class ReusedRanges(IRestoreTarget target, SourceState state, ReusePlanner reuse)
{
    /// <summary>Opens a stream of a file of which the target holds some ranges.</summary>
    public async ValueTask<Stream> OpenAsync(FilePlan plan, StreamRecord stream, CancellationToken cancellationToken) => new(
        await target.OpenExistingAsync(plan.Item.Path, stream.Name, cancellationToken),
        RangeDigests.OfAsync(state, plan.Entry, stream, cancellationToken).GetAsyncEnumerator(cancellationToken),
        reuse);

    /// <summary>One stream, read front to back.</summary>
    internal sealed class Stream(
        ISourceReader? existing, IAsyncEnumerator<(long Range, byte[] Digest, int LengthBytes)> digests, ReusePlanner reuse) : IAsyncDisposable
    {
        private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(FormatLimits.RangeBytes);
        private long _inBuffer = -1;
        private bool _isGood;

        /// <summary>The bytes of an extent within one range, valid until the next call; null when they are not what they were.</summary>
        public async ValueTask<ReadOnlyMemory<byte>?> TryReadAsync(Extent extent, CancellationToken cancellationToken)
        {
            var range = extent.Offset / FormatLimits.RangeBytes;
            if (range != _inBuffer)
            {
                while (await digests.MoveNextAsync() && digests.Current.Range < range)
                {
                    // Ranges in between are fetched, not reused.
                }

                _inBuffer = range;
                _isGood = existing is not null
                    && await ReadAsync(existing, digests.Current.Digest, range, _buffer.AsMemory(0, digests.Current.LengthBytes), cancellationToken);
            }

            return _isGood
                ? _buffer.AsMemory((int)(extent.Offset - (range * FormatLimits.RangeBytes)), (int)extent.Length)
                : (ReadOnlyMemory<byte>?)null;
        }

        public async ValueTask DisposeAsync()
        {
            await digests.DisposeAsync();
            ArrayPool<byte>.Shared.Return(_buffer);
            if (existing is not null)
            {
                await existing.DisposeAsync();
            }
        }

        private async ValueTask<bool> ReadAsync(
            ISourceReader reader, byte[] digest, long range, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            try
            {
                return await reader.ReadAsync(range * FormatLimits.RangeBytes, buffer, cancellationToken) == buffer.Length
                    && await reuse.MatchesAsync(digest, buffer);
            }
            catch (SourceReadException)
            {
                return false;
            }
        }
    }
}
