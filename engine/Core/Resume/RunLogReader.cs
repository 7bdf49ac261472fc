using System.Buffers.Binary;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Resume;

/// <summary>
/// Reads the run log of the scratch location, a frame at a time: first which packs there are and how many items are complete with
/// them, then those items. What follows another commit or other rules is left out, and so is everything after a torn frame.
/// </summary>
internal sealed class RunLogReader(IScratch scratch, Repository repository, string fileName, RunSection follows)
{
    private const int LongestFrame = FormatLimits.SealedBlobBytes;

    /// <summary>Of each section, how many of its items are complete.</summary>
    private readonly List<long> _complete = [];

    /// <summary>Hands on the packs that this log's runs have sent, some at a time.</summary>
    public ValueTask ReadPacksAsync(Func<IReadOnlyList<IndexedPack>, ValueTask> take, CancellationToken cancellationToken) => WalkAsync(
        frame =>
        {
            var reader = new WireReader(frame);
            switch (reader.U8())
            {
                case RunLogFormat.Section:
                    _complete.Add(0);
                    break;
                case RunLogFormat.Batch:
                    var (items, packs) = RunLogFormat.DecodeBatch(ref reader);
                    _complete[^1] = Math.Max(_complete[^1], items);
                    return take(packs);
                default:
                    break;
            }

            return default;
        },
        cancellationToken);

    /// <summary>Hands on the items that are complete, each with the time of its section's snapshot.</summary>
    public async ValueTask ReadItemsAsync(Func<byte[], DateTimeOffset, ValueTask> take, CancellationToken cancellationToken)
    {
        var (section, count) = (-1, 0L);
        var takenAt = default(DateTimeOffset);
        await WalkAsync(
            async frame =>
            {
                if (frame[0] == RunLogFormat.Section)
                {
                    (section, count) = (section + 1, 0);
                    takenAt = SectionOf(frame).TakenAt;
                }
                else if (frame[0] == RunLogFormat.Items)
                {
                    foreach (var item in ItemsOf(frame, _complete[section] - count))
                    {
                        await take(item, takenAt);
                    }

                    count += CountItems(frame);
                }
            },
            cancellationToken);
    }

    /// <summary>Hands on the frames of sections that go on from where this run begins.</summary>
    private async ValueTask WalkAsync(Func<byte[], ValueTask> take, CancellationToken cancellationToken)
    {
        var isOurs = false;
        var lengthBytes = await scratch.GetLengthAsync(fileName, cancellationToken) ?? 0;
        try
        {
            for (long offset = 0; await ReadFrameAsync(offset, lengthBytes, cancellationToken) is { } blob; offset += sizeof(int) + blob.Length)
            {
                var frame = repository.OpenSealed(SealedType.RunLog, RunLogFormat.Context, "run log", hash: null, blob);
                if (frame.Length == 0)
                {
                    throw new InvalidDataException("a frame says nothing");
                }

                if (frame[0] == RunLogFormat.Section)
                {
                    isOurs = SectionOf(frame).Continues(follows);
                }

                if (isOurs)
                {
                    await take(frame);
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or BackupException { Code: ErrorCode.VaultBlobDamaged })
        {
            // A kill tears the last frame; what came before it stands.
        }
    }

    private async ValueTask<byte[]?> ReadFrameAsync(long offset, long lengthBytes, CancellationToken cancellationToken)
    {
        var size = new byte[sizeof(int)];
        if (await scratch.ReadAsync(fileName, offset, size, cancellationToken) != size.Length)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(size);
        if (length is < 0 or > LongestFrame || length > lengthBytes - offset - sizeof(int))
        {
            return null;
        }

        var blob = new byte[length];
        return await scratch.ReadAsync(fileName, offset + sizeof(int), blob, cancellationToken) == length ? blob : null;
    }

    private static RunSection SectionOf(byte[] frame)
    {
        var reader = new WireReader(frame);
        _ = reader.U8();
        return RunLogFormat.DecodeSection(ref reader);
    }

    private static List<byte[]> ItemsOf(byte[] frame, long most)
    {
        var items = new List<byte[]>();
        var reader = new WireReader(frame);
        _ = reader.U8();
        while (!reader.AtEnd && items.Count < most)
        {
            items.Add(reader.Bytes(FormatLimits.SealedBlobBytes).ToArray());
        }

        return items;
    }

    private static long CountItems(byte[] frame)
    {
        long count = 0;
        var reader = new WireReader(frame);
        _ = reader.U8();
        for (; !reader.AtEnd; count++)
        {
            _ = reader.Bytes(FormatLimits.SealedBlobBytes);
        }

        return count;
    }
}
