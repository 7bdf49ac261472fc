using System.Buffers;
using System.Security.Cryptography;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Segments;

namespace Harness.Engine.Repositories;

/// <summary>
/// Fetches segments by id: reads ahead within a pack, and keeps what was read and decoded last. Every segment is
/// authenticated and re-hashed. Its buffers are rented and go round. One logical thread.
/// </summary>
internal sealed class SegmentReader(
    Repository repository, SegmentIndex index, int readAheadBytes, LatePlaces? late = null) : IDisposable
{
    private const int WindowCount = 8;
    private const int SegmentCount = 32;

    private readonly LinkedList<Window> _windows = [];
    private readonly LinkedList<Decoded> _decoded = [];
    private readonly Dictionary<Hash256, LinkedListNode<Decoded>> _byId = [];
    private readonly Dictionary<Hash256, PackReader> _packs = [];

    /// <summary>The plain bytes of a segment, valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Hash256 id, CancellationToken cancellationToken)
    {
        if (_byId.TryGetValue(id, out var node))
        {
            _decoded.Remove(node);
            _decoded.AddFirst(node);
            return node.Value.Memory;
        }

        var location = await index.FindAsync(id, cancellationToken) ?? await LateAsync(id, cancellationToken) ?? throw new BackupException(
            ErrorCode.VaultBlobMissing,
            $"Segment {id} is in no index of the vault.",
            "Run 'check' to see which recovery points suffer; restore the others.");
        var decoded = await ReadAnyAsync(location, cancellationToken);
        Remember(decoded);
        return decoded.Memory;
    }

    public void Dispose()
    {
        foreach (var window in _windows)
        {
            ArrayPool<byte>.Shared.Return(window.Bytes);
        }

        foreach (var decoded in _decoded)
        {
            ArrayPool<byte>.Shared.Return(decoded.Bytes);
        }

        _windows.Clear();
        _decoded.Clear();
        _byId.Clear();
        foreach (var pack in _packs.Values)
        {
            pack.Dispose();
        }
    }

    /// <summary>Reads the first place, or where that is damaged a copy; the first place's error when none is intact.</summary>
    private async ValueTask<Decoded> ReadAnyAsync(SegmentLocation first, CancellationToken cancellationToken)
    {
        try
        {
            return Decode(first, await WindowOfAsync(first, cancellationToken));
        }
        catch (BackupException error) when (IsDamage(error))
        {
            var tried = new HashSet<Hash256> { first.Pack.Hash };
            var copy = await ReadCopyAsync(await index.PlacesAsync(first.Record.Id, cancellationToken), tried, cancellationToken);
            if (copy is null && late is not null)
            {
                copy = await ReadCopyAsync(await late.PlacesAsync(first.Record.Id, cancellationToken), tried, cancellationToken);
            }

            if (copy is { } intact)
            {
                return intact;
            }

            throw;
        }
    }

    private async ValueTask<Decoded?> ReadCopyAsync(
        IReadOnlyList<SegmentLocation> places, HashSet<Hash256> tried, CancellationToken cancellationToken)
    {
        foreach (var place in places.Where(place => tried.Add(place.Pack.Hash)))
        {
            try
            {
                return Decode(place, await WindowOfAsync(place, cancellationToken));
            }
            catch (BackupException other) when (IsDamage(other))
            {
                // The next copy may be intact.
            }
        }

        return null;
    }

    private async ValueTask<SegmentLocation?> LateAsync(Hash256 id, CancellationToken cancellationToken) =>
        late is not null && await late.PlacesAsync(id, cancellationToken) is [var place, ..] ? place : null;

    private static bool IsDamage(BackupException error) =>
        error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing;

    private Decoded Decode(SegmentLocation location, Window window)
    {
        var name = BlobNames.Pack(location.Pack.Hash);
        var start = location.Record.Offset - window.Offset;
        var stored = (int)location.Record.StoredBytes;
        if (start + stored > window.Length)
        {
            throw Damage.In(name, "it is shorter than the index says");
        }

        if (!_packs.TryGetValue(location.Pack.Hash, out var reader))
        {
            _packs[location.Pack.Hash] = reader = new PackReader(repository.Keys, location.Pack.Salt);
        }

        var rawBytes = (int)location.Record.RawBytes;
        var raw = ArrayPool<byte>.Shared.Rent(rawBytes);
        try
        {
            reader.Read(location.Record, window.Bytes.AsSpan((int)start, stored), raw.AsSpan(0, rawBytes));
            return new Decoded(location.Record.Id, raw, rawBytes);
        }
        catch (Exception error) when (error is InvalidDataException or AuthenticationTagMismatchException)
        {
            ArrayPool<byte>.Shared.Return(raw);
            throw Damage.In(name, $"segment {location.Record.Ordinal} cannot be read ({error.Message})", error);
        }
    }

    private async ValueTask<Window> WindowOfAsync(SegmentLocation location, CancellationToken cancellationToken)
    {
        for (var node = _windows.First; node is not null; node = node.Next)
        {
            var window = node.Value;
            if (window.Pack == location.Pack.Hash && location.Record.Offset >= window.Offset
                && (long)location.Record.Offset + location.Record.StoredBytes <= window.Offset + window.Length)
            {
                _windows.Remove(node);
                _windows.AddFirst(node);
                return window;
            }
        }

        var wanted = Math.Max(location.Record.StoredBytes, readAheadBytes);
        var length = (int)Math.Min(wanted, location.Pack.LengthBytes - location.Record.Offset);
        if (_windows.Count == WindowCount)
        {
            ArrayPool<byte>.Shared.Return(_windows.Last!.Value.Bytes);
            _windows.RemoveLast();
        }

        // After an error the buffer is left to the garbage collector: the call that failed may still write into it.
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        var read = await repository.Vault.ReadRangeAsync(
            BlobNames.Pack(location.Pack.Hash), location.Record.Offset, bytes.AsMemory(0, length), cancellationToken);
        var added = new Window(location.Pack.Hash, location.Record.Offset, read, bytes);
        _windows.AddFirst(added);
        return added;
    }

    private void Remember(Decoded decoded)
    {
        _byId[decoded.Id] = _decoded.AddFirst(decoded);
        if (_decoded.Count > SegmentCount)
        {
            var oldest = _decoded.Last!.Value;
            _byId.Remove(oldest.Id);
            _decoded.RemoveLast();
            ArrayPool<byte>.Shared.Return(oldest.Bytes);
        }
    }

    private sealed record Window(Hash256 Pack, long Offset, int Length, byte[] Bytes);

    private sealed record Decoded(Hash256 Id, byte[] Bytes, int Length)
    {
        public ReadOnlyMemory<byte> Memory => Bytes.AsMemory(0, Length);
    }
}
