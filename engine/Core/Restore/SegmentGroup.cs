using System.Buffers;
using System.Security.Cryptography;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Segments;

namespace Harness.Engine.Restore;

/// <summary>One segment of a group: where it is in the vault, and in the group's buffer once it is read.</summary>
internal sealed class GroupSlot(SegmentGroup group, SegmentLocation location, int offset)
{
    public SegmentGroup Group { get; } = group;

    public SegmentLocation Location { get; } = location;

    public int Offset { get; } = offset;

    /// <summary>Whether its bytes were fetched, authenticated and hashed to its id.</summary>
    public bool IsRead { get; set; }

    public ReadOnlyMemory<byte> Memory => Group.Buffer.AsMemory(Offset, (int)Location.Record.RawBytes);
}

/// <summary>
/// Segments that are fetched together: near ones with one request, at most <see cref="Chains"/> requests at once, each
/// decoded by a worker as soon as it is there. Filled by the logical thread, then left alone until it is complete.
/// </summary>
internal sealed class SegmentGroup(int number)
{
    /// <summary>Most bytes of a group: what it aims at and one more segment.</summary>
    public const int MostBytes = TargetBytes + FormatLimits.RangeBytes;

    private const int TargetBytes = 4 << 20;
    private const int Chains = 4;
    private const int RequestBytes = 4 << 20;

    /// <summary>Bytes between two wanted segments that are cheaper to receive than another request.</summary>
    private const int GapBytes = 128 << 10;

    private readonly List<GroupSlot> _slots = [];
    private readonly List<(int First, int Count)> _requests = [];
    private byte[]? _buffer;
    private int _filledBytes;

    public int Number { get; } = number;

    /// <summary>Steps that still ask for one of its segments.</summary>
    public int Users { get; set; }

    public IReadOnlyList<GroupSlot> Slots => _slots;

    public bool IsEmpty => _slots.Count == 0;

    public bool HasRoom => _filledBytes < TargetBytes;

    /// <summary>Done when every segment is read or known to be unreadable; faults when the vault does not answer.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>What its buffer must hold.</summary>
    public int RawBytes => _filledBytes;

    public byte[] Buffer => _buffer!;

    public GroupSlot Add(SegmentLocation location)
    {
        var slot = new GroupSlot(this, location, _filledBytes);
        _filledBytes += (int)location.Record.RawBytes;
        _slots.Add(slot);
        return slot;
    }

    public void Start(Repository repository, IWorkPool work, byte[] buffer, CancellationToken cancellationToken)
    {
        _buffer = buffer;
        _slots.Sort(static (a, b) =>
            a.Location.Pack.Hash.CompareTo(b.Location.Pack.Hash) is var order and not 0
                ? order
                : a.Location.Record.Offset.CompareTo(b.Location.Record.Offset));
        DivideIntoRequests();
        var chains = new Task[Math.Min(Chains, _requests.Count)];
        for (var i = 0; i < chains.Length; i++)
        {
            chains[i] = RunChainAsync(repository, work, i, cancellationToken);
        }

        Completion = Task.WhenAll(chains);
    }

    /// <summary>Waits for what is under way, whatever becomes of it.</summary>
    public async ValueTask EndAsync()
    {
        try
        {
            await Completion;
        }
        catch (Exception error) when (error is BackupException or OperationCanceledException)
        {
            // Whoever wanted the bytes has had the error; here only the end of it matters.
        }
    }

    private static long EndOf(GroupSlot slot) => (long)slot.Location.Record.Offset + slot.Location.Record.StoredBytes;

    private void DivideIntoRequests()
    {
        var first = 0;
        for (var i = 1; i <= _slots.Count; i++)
        {
            if (i == _slots.Count || !Follows(_slots[first], _slots[i - 1], _slots[i]))
            {
                _requests.Add((first, i - first));
                first = i;
            }
        }
    }

    private static bool Follows(GroupSlot first, GroupSlot last, GroupSlot next) =>
        first.Location.Pack.Hash == next.Location.Pack.Hash
        && next.Location.Record.Offset >= EndOf(last)
        && next.Location.Record.Offset - EndOf(last) <= GapBytes
        && EndOf(next) - first.Location.Record.Offset <= RequestBytes;

    private async Task RunChainAsync(Repository repository, IWorkPool work, int chain, CancellationToken cancellationToken)
    {
        for (var i = chain; i < _requests.Count; i += Chains)
        {
            await FetchAsync(repository, work, _requests[i], cancellationToken);
        }
    }

    private async ValueTask FetchAsync(
        Repository repository, IWorkPool work, (int First, int Count) request, CancellationToken cancellationToken)
    {
        var start = _slots[request.First].Location;
        var length = (int)(EndOf(_slots[request.First + request.Count - 1]) - start.Record.Offset);
        if (length > RequestBytes)
        {
            // An index that says so lies: no segment is longer.
            return;
        }

        // After an error the buffer is left to the garbage collector: the call that failed may still write into it.
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        int read;
        try
        {
            read = await repository.Vault.ReadRangeAsync(
                BlobNames.Pack(start.Pack.Hash), start.Record.Offset, bytes.AsMemory(0, length), cancellationToken);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobMissing or ErrorCode.VaultBlobDamaged)
        {
            return;
        }

        await work.RunAsync(
            static state => state.Group.Decode(state.Repository, state.Request, state.Bytes.AsSpan(0, state.Read)),
            (Group: this, Repository: repository, Request: request, Bytes: bytes, Read: read));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private bool Decode(Repository repository, (int First, int Count) request, ReadOnlySpan<byte> bytes)
    {
        var pack = _slots[request.First].Location.Pack;
        var start = _slots[request.First].Location.Record.Offset;
        using var reader = new PackReader(repository.Keys, pack.Salt);
        for (var i = request.First; i < request.First + request.Count; i++)
        {
            var slot = _slots[i];
            var record = slot.Location.Record;
            var from = record.Offset - start;
            if (from + (long)record.StoredBytes > bytes.Length)
            {
                continue;
            }

            try
            {
                reader.Read(record, bytes.Slice((int)from, (int)record.StoredBytes), Buffer.AsSpan(slot.Offset, (int)record.RawBytes));
                slot.IsRead = true;
            }
            catch (Exception error) when (error is InvalidDataException or AuthenticationTagMismatchException)
            {
                // The restore reads it again by itself, and names the damage or finds a copy.
            }
        }

        return true;
    }
}
