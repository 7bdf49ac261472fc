using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Segments;

namespace Harness.Engine.Restore;

/// <summary>One thing that a restore will do next: begin a file, or take a segment of the file begun last.</summary>
/// <param name="File">The file that begins; null for a segment.</param>
/// <param name="Segment">The segment.</param>
internal readonly record struct FeedStep(FilePlan? File, Hash256 Segment);

/// <summary>
/// Brings the segments of a restore in the order of its steps: fetched ahead in groups, several requests at once, and decoded
/// by workers meanwhile. Its buffers are those of the groups ahead, of those that are still being written and of the few kept because
/// segments repeat, however large the restore is. Logical thread only; groups under way touch nothing but their own buffers.
/// </summary>
internal sealed class SegmentFeed(
    Repository repository, SegmentIndex index, IWorkPool work, IAsyncEnumerator<FeedStep> steps) : IAsyncDisposable
{
    private const int GroupsAhead = 4;
    private const int GroupsKept = 6;
    private const int StepsPerGroup = 1024;

    private readonly Queue<(FilePlan? File, GroupSlot? Slot, Hash256 Segment, int Group)> _queue = new();
    private readonly Queue<SegmentGroup> _live = new();
    private readonly Dictionary<Hash256, GroupSlot> _slots = [];
    private readonly Stack<byte[]> _free = new();
    private readonly SegmentReader _aside = new(repository, index, readAheadBytes: 0, new LatePlaces(repository, index));
    private int _formed;
    private int _current;
    private bool _isAtEnd;

    /// <summary>Bytes of all buffers: they go round, and one that became too short is replaced.</summary>
    public long BufferBytes { get; private set; }

    /// <summary>The next file; what is left of the one before is dropped. Null after the last.</summary>
    public async ValueTask<FilePlan?> NextFileAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await FormAheadAsync(cancellationToken);
            if (!_queue.TryDequeue(out var step))
            {
                return null;
            }

            _current = step.Group;
            if (step.File is { } file)
            {
                return file;
            }

            if (step.Slot is not null)
            {
                Release(step.Slot);
            }
        }
    }

    /// <summary>
    /// The bytes of the next segment of this file: with a slot, valid until that is released; without one, until the next call.
    /// </summary>
    public async ValueTask<(ReadOnlyMemory<byte> Bytes, GroupSlot? Slot)> TakeAsync(Hash256 expected, CancellationToken cancellationToken)
    {
        await FormAheadAsync(cancellationToken);
        Invariant.Require(_queue.TryDequeue(out var step) && step.File is null && step.Segment == expected);
        _current = step.Group;
        if (step.Slot is { } slot)
        {
            await slot.Group.Completion;
            if (slot.IsRead)
            {
                return (slot.Memory, slot);
            }

            Release(slot);
        }

        // Damaged, missing, or in no index: the reader looks for a copy, or says what is wrong.
        return (await ReadAsideAsync(expected, cancellationToken), null);
    }

    /// <summary>Gives back the bytes of a segment.</summary>
    public static void Release(GroupSlot slot) => slot.Group.Users--;

    /// <summary>The bytes of a segment that no step announced, valid until the next call.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsideAsync(Hash256 segment, CancellationToken cancellationToken) =>
        _aside.ReadAsync(segment, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var group in _live)
        {
            await group.EndAsync();
        }

        _live.Clear();
        _aside.Dispose();
        await steps.DisposeAsync();
    }

    private async ValueTask FormAheadAsync(CancellationToken cancellationToken)
    {
        while (!_isAtEnd && _formed - _current < GroupsAhead)
        {
            await FormAsync(cancellationToken);
        }
    }

    private async ValueTask FormAsync(CancellationToken cancellationToken)
    {
        var group = new SegmentGroup(_formed + 1);
        for (var count = 0; count < StepsPerGroup && group.HasRoom; count++)
        {
            if (!await steps.MoveNextAsync())
            {
                _isAtEnd = true;
                break;
            }

            var step = steps.Current;
            var slot = step.File is null ? await SlotAsync(step.Segment, group, cancellationToken) : null;
            if (slot is not null)
            {
                slot.Group.Users++;
            }

            _queue.Enqueue((step.File, slot, step.Segment, group.Number));
        }

        _formed = group.Number;
        if (!group.IsEmpty)
        {
            await RetireOldAsync();
            _live.Enqueue(group);
            group.Start(repository, work, BufferFor(group), cancellationToken);
        }
    }

    /// <summary>Where a segment is or will be; null when no index knows it.</summary>
    private async ValueTask<GroupSlot?> SlotAsync(Hash256 id, SegmentGroup group, CancellationToken cancellationToken)
    {
        if (_slots.TryGetValue(id, out var known) && known.Group.Number > group.Number - GroupsKept)
        {
            return known;
        }

        if (await index.FindAsync(id, cancellationToken) is not { } location || location.Record.RawBytes > FormatLimits.RangeBytes)
        {
            return null;
        }

        var slot = group.Add(location);
        _slots[id] = slot;
        return slot;
    }

    /// <summary>A buffer that went round, or one of a length that a later group of full size can use.</summary>
    private byte[] BufferFor(SegmentGroup group)
    {
        if (_free.TryPop(out var buffer))
        {
            if (buffer.Length >= group.RawBytes)
            {
                return buffer;
            }

            BufferBytes -= buffer.Length;
        }

        buffer = GC.AllocateUninitializedArray<byte>(group.HasRoom ? group.RawBytes : SegmentGroup.MostBytes);
        BufferBytes += buffer.Length;
        return buffer;
    }

    /// <summary>Takes back the buffers of groups that nothing can ask for any more.</summary>
    private async ValueTask RetireOldAsync()
    {
        while (_live.TryPeek(out var oldest) && oldest.Users == 0 && oldest.Number <= _formed - GroupsKept)
        {
            _live.Dequeue();
            await oldest.EndAsync();
            foreach (var slot in oldest.Slots)
            {
                if (_slots.TryGetValue(slot.Location.Record.Id, out var current) && ReferenceEquals(current, slot))
                {
                    _slots.Remove(slot.Location.Record.Id);
                }
            }

            _free.Push(oldest.Buffer);
        }
    }
}
