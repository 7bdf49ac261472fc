using System.Buffers;
using System.Collections;
using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.State;

namespace Harness.Engine.Restore;

/// <summary>
/// Finds the ranges of a file that the target holds already: each is read there, its pages fingerprinted under the keys of
/// the vault, and the digest compared with the record's. Nothing is fetched for that. Logical thread only.
/// </summary>
internal sealed class ReusePlanner(EngineServices services, KeyRing keys, SourceState state, IRestoreTarget target)
{
    /// <summary>
    /// The ranges that need no download, by stream; null when there are none. Raw ciphertext is not compared: what a
    /// target shows of it is not what it was written from.
    /// </summary>
    public async ValueTask<IReadOnlyList<BitArray?>?> PlanAsync(
        string path, EntryRecord entry, CancellationToken cancellationToken)
    {
        BitArray?[]? all = null;
        for (var i = 0; i < entry.Streams.Count; i++)
        {
            var stream = entry.Streams[i];
            if (stream.RawSizeBytes is null && await CompareAsync(path, entry, stream, cancellationToken) is { } ranges)
            {
                all ??= new BitArray?[entry.Streams.Count];
                all[i] = ranges;
            }
        }

        return all;
    }

    /// <summary>Whether these bytes are what a digest stands for.</summary>
    public ValueTask<bool> MatchesAsync(byte[] digest, ReadOnlyMemory<byte> range) =>
        services.Work.RunAsync(
            static state => RangeDigests.Match(state.Keys, state.Digest, state.Range.Span), (Keys: keys, Digest: digest, Range: range));

    private async ValueTask<BitArray?> CompareAsync(
        string path, EntryRecord entry, StreamRecord stream, CancellationToken cancellationToken)
    {
        var rangeCount = StreamRecord.RangesOf(stream.ContentBytes);
        if (rangeCount is 0 or > int.MaxValue)
        {
            return null;
        }

        await using var reader = await target.OpenExistingAsync(path, stream.Name, cancellationToken);
        if (reader is null)
        {
            return null;
        }

        BitArray? found = null;
        var width = services.Work.Width + 1;
        var under = new Queue<(long Range, byte[] Buffer, Task<bool> Answer)>(width);
        try
        {
            await foreach (var (range, digest, lengthBytes) in RangeDigests.OfAsync(state, entry, stream, cancellationToken))
            {
                if (under.Count == width)
                {
                    await TakeAsync();
                }

                var buffer = ArrayPool<byte>.Shared.Rent(lengthBytes);
                var read = await reader.ReadAsync(range * FormatLimits.RangeBytes, buffer.AsMemory(0, lengthBytes), cancellationToken);
                if (read < lengthBytes)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    break;
                }

                under.Enqueue((range, buffer, MatchesAsync(digest, buffer.AsMemory(0, lengthBytes)).AsTask()));
            }
        }
        catch (SourceReadException)
        {
            // What cannot be read there is fetched.
        }
        finally
        {
            while (under.Count > 0)
            {
                await TakeAsync();
            }
        }

        return found;

        async ValueTask TakeAsync()
        {
            var (range, buffer, answer) = under.Dequeue();
            if (await answer)
            {
                found ??= new BitArray((int)rangeCount);
                found[(int)range] = true;
            }

            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
